/** Proves that every slip in a scenario is refused when it is declared, with the rule, what came, and the line. */
import { defineScenario, say, script, UserError } from 'agent-chaos'
import { catalogue, defineFault } from 'agent-chaos/faults'
import { compensates, defaultInvariants, terminates } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'

const sound = { name: 's', task: 't', model: script([say('x')]), agent: () => 'x', goal: () => true }
const canary = { expect: { violates: 'terminates' } }
const mine = defineFault({
  name: 'tool/mine',
  summary: 'Mine.',
  class: 'transient',
  boundaries: ['tool'],
  params: {},
  action: () => ({ kind: 'reject', code: 'conflict' }),
})

/** What is said of the sound scenario with something changed. */
function refusal(change: Record<string, unknown>): UserError {
  try {
    defineScenario({ ...sound, ...change } as never)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error(`accepted: ${JSON.stringify(change)}`)
}

describe('defineScenario', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ name: undefined }, 'defineScenario: name: expected a string, got undefined'],
    [{ name: ' ' }, 'scenario " ": name: expected a string, got " "'],
    [{ name: 7 }, 'defineScenario: name: expected a string, got 7'],
    [{ task: undefined }, 'scenario "s": task: expected a string, got undefined'],
    [{ model: undefined }, 'scenario "s": model: expected a model, as script() and policy() make, got undefined'],
    [{ model: {} }, 'scenario "s": model: expected a model, as script() and policy() make, got an object'],
    [{ agent: undefined }, 'scenario "s": agent: expected a function, got undefined'],
    [{ goal: true }, 'scenario "s": goal: expected a function, got true'],
    [{ state: {} }, 'scenario "s": state: expected a function, got an object'],
    [{ world: { tools: {} } }, 'scenario "s": world: expected a function, got an object'],
    [{ claims: 'success' }, 'scenario "s": claims: expected a function, got "success"'],
    [{ via: 'thorw' }, 'scenario "s": via: expected "throw" or "return", got "thorw"'],
    [{ isolate: 'yes' }, 'scenario "s": isolate: expected true or false, got "yes"'],
    [
      { intents: {} },
      'scenario "s": intents: expected an array, each item { kind, id }, or { must, may } with such arrays, got an object',
    ],
    [{ intents: { may: [{ kind: 'a' }] } }, 'scenario "s": intents.may[0]: expected { kind, id }, got an object'],
    [
      { intents: [{ kind: 'a', id: 1 }, { kind: 'b' }] },
      'scenario "s": intents[1]: expected { kind, id }, got an object',
    ],
    [{ intents: [null] }, 'scenario "s": intents[0]: expected { kind, id }, got null'],
    [{ errors: null }, 'scenario "s": errors: expected an object, got null'],
    [{ errors: { timeout: 'ETIMEDOUT' } }, 'scenario "s": errors.timeout: expected a function, got "ETIMEDOUT"'],
    [{ errors: { timeuot: () => 1 } }, 'scenario "s": errors has no option "timeuot". Did you mean "timeout"?'],
    [{ latency: 500 }, 'scenario "s": latency: expected an object, got 500'],
    [{ latency: { modelMS: 1 } }, 'scenario "s": latency has no option "modelMS". Did you mean "modelMs"?'],
    [{ latency: { modelMs: -1 } }, 'scenario "s": latency.modelMs: expected a number of at least 0, got -1'],
    [{ budget: null }, 'scenario "s": budget: expected an object, got null'],
    [{ budget: { reliabilty: 0.9 } }, 'scenario "s": budget has no option "reliabilty". Did you mean "reliability"?'],
    [{ budget: { reliability: 1 } }, 'scenario "s": budget.reliability: expected a number between 0 and 1, got 1'],
    [
      { budget: { reliability: 0.9, aim: 0.9 } },
      'scenario "s": budget.aim: expected a number between budget.reliability and 1, got 0.9',
    ],
    [{ budget: { aim: 0.9 } }, 'scenario "s": budget.aim: expected a number between budget.reliability and 1, got 0.9'],
    [{ budget: { faultRate: 2 } }, 'scenario "s": budget.faultRate: expected a number from 0 to 1, got 2'],
    [{ budget: { faultRate: Number.NaN } }, 'scenario "s": budget.faultRate: expected a number from 0 to 1, got NaN'],
    [{ budget: { spend: [] } }, 'scenario "s": budget.spend: expected an object, got an array'],
    [{ budget: { spend: { turn: 1 } } }, 'scenario "s": budget.spend has no option "turn". Did you mean "turns"?'],
    [{ budget: { spend: { usd: '1' } } }, 'scenario "s": budget.spend.usd: expected a number of at least 0, got "1"'],
    [
      { budget: { gate: 'sequentail' } },
      'scenario "s": budget.gate: expected "sequential" or "fixed", got "sequentail"',
    ],
    [
      { budget: { degradedCountsAs: true } },
      'scenario "s": budget.degradedCountsAs: expected "success" or "failure", got true',
    ],
    [{ budget: { prices: [] } }, 'scenario "s": budget.prices: expected an object of prices by model, got an array'],
    [
      { budget: { prices: { mine: { input: 1 } } } },
      'scenario "s": budget.prices["mine"].output: expected US dollars for a million tokens, got undefined',
    ],
    [
      { budget: { prices: { mine: { input: 1, outputs: 2 } } } },
      'scenario "s": budget.prices["mine"] has no option "outputs". Did you mean "output"?',
    ],
    [
      { budget: { profile: 'flakey-tools' } },
      'scenario "s": budget.profile: no fault profile is named "flakey-tools" (bad-day-at-the-provider, flaky-tools, lossy-network). Did you mean "flaky-tools"?',
    ],
    [{ budget: { profile: 7 } }, 'scenario "s": budget.profile: expected a fault profile or the name of one, got 7'],
    [
      { budget: { profile: { weight: {} } } },
      'scenario "s": budget.profile has no option "weight". Did you mean "weights"?',
    ],
    [
      { budget: { profile: { weights: { transeint: 1 } } } },
      'scenario "s": budget.profile.weights: the scenario has no fault and no class "transeint". Did you mean "transient"?',
    ],
    [
      { budget: { profile: { weights: { transient: -1 } } } },
      'scenario "s": budget.profile.weights["transient"]: expected a number from 0, got -1',
    ],
    [
      { budget: { profile: { bursts: { meanCalls: 0 } } } },
      'scenario "s": budget.profile.bursts.meanCalls: expected a number of at least 1, got 0',
    ],
    [
      { budget: { profile: { outages: { mean: 1 } } } },
      'scenario "s": budget.profile.outages has no option "mean". Did you mean "meanMs"?',
    ],
    [
      { budget: { profile: { outages: { meanMs: 10 }, bursts: { meanCalls: 2, share: 0.1 } } } },
      'scenario "s": budget.profile: expected the shares of bursts and outages to be no more than 1 together, got 1.1',
    ],
    [
      { budget: { profile: { sites: { 'model:*': { faultrate: 1 } } } } },
      'scenario "s": budget.profile.sites["model:*"] has no option "faultrate". Did you mean "faultRate"?',
    ],
    [
      { budget: { profile: { sites: { 'modle:*': {} } } } },
      'scenario "s": budget.profile: the site "modle:*": expected a site that begins with model, tool, effect, http or file, got "modle"',
    ],
    [
      { budget: { profile: { sites: { 'tool:refund#1': {} } } } },
      'scenario "s": budget.profile: the site "tool:refund#1": expected a site without arguments or occurrences, got "#"',
    ],
    [
      { invariants: terminates() },
      'scenario "s": invariants: expected an array, each item an invariant, as terminates() makes one, got an object',
    ],
    [
      { invariants: [terminates] },
      'scenario "s": invariants[0]: expected an invariant, as terminates() makes one, got a function',
    ],
    [{ invariants: [terminates(), terminates()] }, 'scenario "s": invariants: "terminates" is listed twice'],
    [
      { without: 'terminates' },
      'scenario "s": without: expected an array, each item the name of a default invariant, got "terminates"',
    ],
    [
      { without: ['terminate'] },
      'scenario "s": without: "terminate" is no default invariant (terminates, no-invented-success, ' +
        'transcript-well-formed, effects-exactly-once, no-unhandled-rejection, partial-reply-not-acted-on). Did you mean "terminates"?',
    ],
    [{ expect: 'terminates' }, 'scenario "s": expect: expected an object, got "terminates"'],
    [{ expect: {} }, 'scenario "s": expect.violates: expected the name of an invariant, got undefined'],
    [{ expect: { violate: 'x' } }, 'scenario "s": expect has no option "violate". Did you mean "violates"?'],
    [
      { expect: { violates: 'breaker-trips' }, without: ['terminates'] },
      'scenario "s": expect.violates: expected one of the invariants that are on: no-invented-success, ' +
        'transcript-well-formed, effects-exactly-once, no-unhandled-rejection, partial-reply-not-acted-on; got "breaker-trips".',
    ],
    [{ repaired: { agent: () => 'y' } }, 'scenario "s": repaired: only a canary, which has "expect", can be repaired'],
    [{ ...canary, repaired: [] }, 'scenario "s": repaired: expected an object, got an array'],
    [
      { ...canary, repaired: {} },
      'scenario "s": repaired: expected what changes when the mistake is repaired, got nothing',
    ],
    [
      { ...canary, repaired: { agnet: () => 'y' } },
      'scenario "s": repaired has no option "agnet". Did you mean "agent"?',
    ],
    [{ ...canary, repaired: { invariants: [] } }, 'scenario "s": repaired has no option "invariants".'],
    [{ ...canary, repaired: { name: 'other' } }, 'scenario "s": repaired has no option "name".'],
    [{ ...canary, repaired: { agent: 'y' } }, 'scenario "s", repaired: agent: expected a function, got "y"'],
    [
      { faults: 'transient' },
      'scenario "s": faults: expected an array, each item a fault, a name or a class, got "transient"',
    ],
    [{ faults: [mine, undefined] }, 'scenario "s": faults[1]: expected a fault, a name or a class, got undefined'],
    [
      { faults: ['tool/reply-lots'] },
      'scenario "s": faults: no fault and no class is named "tool/reply-lots". Did you mean "tool/reply-lost"?',
    ],
    [
      { faults: [...catalogue, { ...mine, name: 'tool/reply-lost' }] },
      'scenario "s": faults: two faults are named "tool/reply-lost", and a plan could not tell them apart',
    ],
    [{ goals: 1 }, 'scenario "s": a scenario has no option "goals". Did you mean "goal"?'],
  ])('refuses %j', (change, message) => {
    expect(refusal(change).message).toBe(message)
  })

  it.each([undefined, null, 'refund', 7])('refuses %j in place of options', (options) => {
    expect(() => defineScenario(options as never)).toThrow('defineScenario: expected an object of options, got')
  })

  it('names the line of the call', () => {
    const line = Number(new Error('here').stack?.match(/define\.test\.ts:(\d+)/)?.[1]) + 2
    try {
      defineScenario({ ...sound, name: '' })
      expect.unreachable()
    } catch (error) {
      expect((error as UserError).where).toMatch(new RegExp(`\\bdefine\\.test\\.ts:${line}$`))
    }
  })

  it('fills in the defaults', () => {
    expect(defineScenario(sound)).toMatchObject({
      kind: 'agent-chaos/scenario',
      intents: null,
      listed: [],
      expect: null,
      via: 'throw',
      budget: {},
      latency: { modelMs: 500 },
      isolate: false,
    })
    expect(defineScenario(sound).invariants).toEqual(defaultInvariants)
  })

  it('faces every fault but the deceptive ones and what goes with them, unless it is told which', () => {
    const deceptive = catalogue.filter((fault) => fault.class === 'deceptive' || fault.name === 'model/credulous')
    expect(defineScenario(sound).faults).toEqual(catalogue.filter((fault) => !deceptive.includes(fault)))
    const faults = ['tool/reply-lost', 'transient', 'tool/unavailable', mine, mine]
    const named = defineScenario({ ...sound, faults }).faults.map(({ name }) => name)
    const transient = catalogue.filter((fault) => fault.class === 'transient').map(({ name }) => name)
    expect(named).toEqual(['tool/reply-lost', ...transient, 'tool/mine'])
  })

  it('makes of a canary and its repair another scenario, which differs in what was repaired and is no canary', () => {
    const agent = () => 'y'
    const invariants = [terminates()]
    const given = { ...sound, ...canary, invariants, state: () => 0, world: () => ({}) }
    const broken = defineScenario({ ...given, via: 'return', repaired: { agent, via: 'throw' } })
    const { repaired, ...rest } = broken
    expect(repaired).toEqual({ ...rest, agent, via: 'throw', expect: null, repaired: null })
    expect([broken.agent, broken.via]).toEqual([sound.agent, 'return'])
    expect(defineScenario({ ...sound, ...canary }).repaired).toBeNull()
  })

  it('puts an invariant of its own in the place of the default one of that name, and lists it', () => {
    const own = { ...terminates(), promise: 'Mine.' }
    const { invariants, listed } = defineScenario({ ...sound, invariants: [own], without: ['no-invented-success'] })
    expect(invariants.map(({ name }) => name)).toEqual([
      'transcript-well-formed',
      'effects-exactly-once',
      'no-unhandled-rejection',
      'partial-reply-not-acted-on',
      'terminates',
    ])
    expect(invariants).toContain(own)
    expect(listed).toEqual(['terminates'])
  })

  it('tells what must happen from what may, and lets what undoes either happen too', () => {
    const a = { kind: 'reserve', id: 1 }
    const b = { kind: 'note', id: 'x' }
    const invariants = [compensates({ pairs: { reserve: 'release' } })]
    expect(defineScenario({ ...sound, intents: { must: [a], may: [b] }, invariants }).intents).toEqual([
      { kind: 'reserve', id: '1' },
      { kind: 'note', id: 'x', may: true },
      { kind: 'release', id: '1', may: true },
    ])
    expect(defineScenario({ ...sound, intents: { may: [b] } }).intents).toEqual([{ ...b, may: true }])
    const both = { must: [a, { kind: 'release', id: 1 }] }
    expect(defineScenario({ ...sound, intents: both, invariants }).intents).toEqual([
      { kind: 'reserve', id: '1' },
      { kind: 'release', id: '1' },
    ])
  })

  it('takes ids of intents for texts, as the ledger does', () => {
    expect(defineScenario({ ...sound, intents: [{ kind: 'refund', id: 42 }] }).intents).toEqual([
      { kind: 'refund', id: '42' },
    ])
  })
})
