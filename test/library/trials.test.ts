/** Proves what `runTrial`, `replay` and `faultPlans` take and give, and how they refuse. */
import {
  type AnyScenario,
  defineScenario,
  faultPlans,
  replay,
  runTrial,
  say,
  script,
  UserError,
  verdictOf,
} from 'agent-chaos'
import { catalogue, encodePlan, type Plan } from 'agent-chaos/faults'
import { never } from 'agent-chaos/invariants'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import unkeyed from '../../scenarios/canaries/no-idempotency-key.chaos.js'
import printing from '../fixtures/printing/tool.chaos.js'
import refund from '../fixtures/shop/refund.chaos.js'

const replyLost = [
  {
    sites: [{ boundary: 'tool', target: 'refund' }],
    when: { kind: 'span', from: 1, to: 1, attempt: 1 },
    faults: [{ fault: 'tool/reply-lost', params: { timeout: 2_000 } }],
  },
] as const satisfies Plan

/** Its SDK was replaced by a mock: the tool is called, and the simulated model is not. */
const mocked = {
  ...refund,
  claims: null,
  agent: ({ tools }: { tools: { refund: (input: object) => unknown } }) =>
    tools.refund({ orderId: '42', cents: 4200, idempotencyKey: 'a' }),
}

const using = (fault: string, params = {}): Plan => [{ ...replyLost[0], faults: [{ fault, params }] }]

describe('runTrial', () => {
  it('takes a plan as text or as data, and gives the same trial', async () => {
    const text = encodePlan(replyLost)
    const [asData, asText, replayed] = [
      await runTrial(unkeyed, { plan: replyLost }),
      await runTrial(unkeyed, { plan: text }),
      await replay(unkeyed, { seed: 1, plan: text }),
    ]
    expect(asData.trace.plan).toBe('tool:refund#1 = tool/reply-lost(timeout: 2000)')
    expect(asText.digest).toBe(asData.digest)
    expect(replayed.digest).toBe(asData.digest)
    expect(asData.state).toMatchObject({ refunds: { '42': 8400 }, booked: ['42', '42'] })
  })

  it('keeps what was printed, and where each call was made where it is asked to, and is the same trial', async () => {
    const plan = 'tool:charge#1 = tool/reply-lost'
    const bare = await runTrial(printing, { plan })
    const placed = await runTrial(printing, { plan, places: true })
    const replayed = await replay(printing, { seed: 1, plan })
    expect(bare.console?.lines.map(({ text }) => text)).toContainEqual(expect.stringMatching(/^again, for /))
    expect(bare).not.toHaveProperty('places')
    expect(placed.places?.map(({ where }) => where)).toContainEqual(
      expect.stringMatching(/^test\/fixtures\/printing\/agent\.ts:\d+$/),
    )
    expect(replayed.places).toEqual(placed.places)
    expect(new Set([bare, placed, replayed].map(({ digest }) => digest)).size).toBe(1)
  })

  it('runs without faults where no plan is given', async () => {
    const { trace, judgements } = await runTrial(refund)
    expect(trace).toMatchObject({ plan: '', seed: 1, injections: [], claim: 'success', goal: true })
    expect(judgements.map(({ invariant }) => invariant)).toEqual(refund.invariants.map(({ name }) => name))
  })

  it('makes chance depend on the seed and on nothing else', async () => {
    const dice = defineScenario({
      name: 'dice',
      task: 'Roll.',
      model: script([say('unused')]),
      agent: () => String(Math.random()),
      goal: () => true,
    })
    const roll = async (seed: number) => (await runTrial(dice, { seed })).digest
    expect(await roll(7)).toBe(await roll(7))
    expect(await roll(7)).not.toBe(await roll(8))
  })

  it.each<[string, Plan | string, RegExp]>([
    ['a text that is no plan', 'tool:refund#1', /expected .*"="/],
    ['an unknown fault in a text', 'tool:refund#1 = tool/reply-lots', /Did you mean "tool\/reply-lost"\?/],
    ['an unknown fault in data', using('tool/reply-lots'), /Did you mean "tool\/reply-lost"\?/],
    ['a parameter out of its range', using('tool/reply-lost', { timeout: -1 }), /a whole number from 1 to 600000/],
    ['an unknown parameter', using('tool/reply-lost', { timeuot: 1 }), /Did you mean "timeout"\?/],
    ['a fault of another boundary', using('model/overloaded'), /model/],
  ])('refuses %s, with the position', async (_what, plan, message) => {
    const error = await runTrial(refund, { plan }).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(UserError)
    expect((error as UserError).message).toMatch(message)
    expect((error as UserError).where).toMatch(/^plan:1:\d+$/)
  })
})

describe('a plan that aims at what is not there', () => {
  const refusal = async (plan: Plan | string, scenario: AnyScenario = refund) => {
    const error = await runTrial(scenario, { plan }).catch((caught: unknown) => caught)
    if (!(error instanceof UserError)) throw new Error(`it was not refused: ${JSON.stringify(plan)}`)
    return `${error.where}: ${error.message}`
  }

  it.each([
    ['a tool', 'tool:refnud#1 = tool/hang', 'plan:1:1', 'tool:refund'],
    ['a model', 'model:claude-opus-4-5#1 = model/overloaded', 'plan:1:1', 'model:claude-opus-5-5'],
    ['a side effect', 'effect:refnud#1 = effect/reply-lost', 'plan:1:1', 'effect:refund'],
    ['one site of several', '{model:*, tool:refnud} @0s.. = tool/hang', 'plan:1:11', 'tool:refund'],
    ['a later line', 'tool:refund#1 = tool/slow\ntool:refnud#2 = tool/hang', 'plan:2:1', 'tool:refund'],
  ])('is refused with the position and the nearest name: %s', async (_, plan, where, near) => {
    const message = await refusal(plan)
    expect(message).toMatch(new RegExp(`^${where}: expected a site that the scenario has \\(`))
    expect(message).toContain(`Did you mean "${near}"?`)
    await expect(replay(refund, { seed: 1, plan })).rejects.toThrow(`Did you mean "${near}"?`)
  })

  it('is not refused where it names a model of another vendor, which a fallback may ask', async () => {
    const plan = 'model:gpt-5.4#1 = model/refusal'
    expect((await runTrial(refund, { plan })).faults).toMatchObject([{ status: 'planned' }])
    await expect(replay(refund, { seed: 1, plan })).resolves.toBeDefined()
  })

  it('is refused where no vendor is known to have such a model', async () => {
    expect(await refusal('model:gtp-5.4#1 = model/refusal')).toContain('got model:gtp-5.4')
  })

  it('is refused as data too', async () => {
    const sites = [{ boundary: 'tool', target: 'refnud' }] as const
    expect(await refusal([{ ...replyLost[0], sites }])).toContain('plan:1:1')
  })

  it('is not refused where the site is there and was not met: a tool that was not called, a service', async () => {
    const scenario = defineScenario({
      name: 'offers',
      task: 'Do nothing.',
      world: ({ http }) => {
        http.service('https://api.example.com', () => ({ status: 200 }))
        return { tools: { called: () => 'yes', spare: () => 'never' } }
      },
      model: script([say('unused')]),
      agent: ({ tools }) => tools.called(),
      goal: () => true,
    })
    for (const site of ['tool:spare', 'http:"GET api.example.com/v1/orders"', 'http:"*example*"']) {
      const { faults } = await runTrial(scenario, { plan: `${site}#1 = ${site.split(':')[0]}/unavailable` })
      expect(faults.map(({ status }) => status)).toEqual(['planned'])
    }
    expect(await refusal('tool:spear#1 = tool/hang', scenario)).toContain('Did you mean "tool:spare"?')
    expect(await refusal('http:"GET api.exmaple.com/v1/orders"#1 = http/unavailable', scenario)).toContain(
      'expected a site',
    )
  })
})

describe('the faults of a trial', () => {
  it('are told one by one, each with what became of it', async () => {
    const plan =
      'tool:refund#1 = tool/slow, tool/hang, tool/bad-request; {tool:refund, model:*} @0s..1ms = model/overloaded, tool/hang; tool:refund#9 = tool/hang'
    const { faults } = await runTrial(refund, { plan })
    expect(faults.map(({ fault, status }) => `${fault} ${status}`)).toEqual([
      'tool/slow landed',
      'tool/hang landed',
      'tool/bad-request masked',
      'model/overloaded landed',
      'tool/hang planned',
      'tool/hang planned',
    ])
  })
})

describe('verdictOf', () => {
  it('cannot say what was not tried: where faults did not land, unless some are enough and some did', async () => {
    const trial = await runTrial(refund, { plan: 'tool:refund#1 = tool/slow; tool:refund#9 = tool/hang' })
    expect(verdictOf(trial, 'terminates')).toEqual({
      kind: 'inconclusive',
      because:
        'not every fault of the plan landed: tool/hang of "tool:refund#9 = tool/hang" did not: its crossing never came',
    })
    expect(verdictOf(trial, 'terminates', { landed: 'some' })).toEqual({ kind: 'held' })
    const none = await runTrial(refund, { plan: 'tool:refund#9 = tool/hang' })
    for (const landed of ['all', 'some'] as const)
      expect(verdictOf(none, 'terminates', { landed })).toMatchObject({ kind: 'inconclusive' })
  })

  it('says what was violated, whatever landed', async () => {
    const plan = 'tool:refund#1 = tool/reply-lost; tool:refund#9 = tool/hang'
    expect(verdictOf(await runTrial(unkeyed, { plan }), 'effects-exactly-once').kind).toBe('violated')
  })

  it('refuses an invariant that is not on, and names the nearest', async () => {
    const trial = await runTrial(refund)
    expect(() => verdictOf(trial, 'effects-exactly-twice')).toThrow(
      /^no invariant "effects-exactly-twice" is on in this scenario \(.*\)\. Did you mean "effects-exactly-once"\?$/,
    )
  })
})

describe('faultPlans', () => {
  const never2 = async (plan: Plan) => verdictOf(await runTrial(unkeyed, { plan }), 'effects-exactly-once').kind

  it('shrinks a failing property to the minimal plan, and prints it as text that replays', async () => {
    const plans = await faultPlans(unkeyed)
    const property = fc.asyncProperty(plans, async (plan) => (await never2(plan)) !== 'violated')
    const failed = await fc.check(property, { numRuns: 500, seed: 5 })
    expect(failed.failed).toBe(true)
    const [plan] = failed.counterexample ?? [[]]
    expect(plan).toHaveLength(1)
    const text = encodePlan(plan)
    expect(text).toMatch(
      /^(tool|effect):refund#1 = (tool|effect)\/[a-z-]+$|^model:claude-opus-5-5#\d = model\/looping$/,
    )
    const report = await fc.assert(property, { numRuns: 500, seed: 5 }).catch((error: Error) => error.message)
    expect(report).toContain(`Counterexample: [${JSON.stringify(text)}]`)
    expect(verdictOf(await replay(unkeyed, { seed: 1, plan: text }), 'effects-exactly-once').kind).toBe('violated')
  })

  it('draws the same plans for the same seed of the property', async () => {
    const draw = async (seed: number) => fc.sample(await faultPlans(refund), { seed, numRuns: 30 }).map(encodePlan)
    expect(await draw(1)).toEqual(await draw(1))
    expect(await draw(1)).not.toEqual(await draw(2))
  })

  it('aims at what the baseline reaches, with faults of the scenario, as many as were asked for', async () => {
    const faults = catalogue.filter(({ name }) => name === 'tool/reply-lost')
    const drawn = fc.sample(await faultPlans({ ...refund, faults }, { injectionsMax: 2 }), { seed: 1, numRuns: 50 })
    for (const plan of drawn) {
      expect(plan.length).toBeLessThanOrEqual(2)
      expect(encodePlan(plan)).toMatch(/^(; |tool:refund#1[^;]* = tool\/reply-lost(\(.*?\))?)+$/)
    }
  })

  it('rejects for a scenario that does not work without faults', async () => {
    const noRefund = never('no-refund', 'effect', () => true)
    await expect(faultPlans({ ...refund, invariants: [...refund.invariants, noRefund] })).rejects.toThrow(
      /^scenario "shop": without any fault, no-refund is violated/,
    )
    await expect(faultPlans({ ...refund, goal: () => false })).rejects.toThrow(
      'scenario "shop": without any fault, the goal is not reached',
    )
    await expect(faultPlans({ ...refund, goal: () => false, invariants: [] })).rejects.toThrow(
      'scenario "shop": without any fault, the goal is not reached',
    )
  })

  it('rejects where the model that is to fail is never called', async () => {
    await expect(faultPlans(mocked)).rejects.toThrow('the agent never called the simulated model')
    const faults = catalogue.filter(({ name }) => name.startsWith('tool/'))
    await expect(faultPlans({ ...mocked, faults })).resolves.toBeDefined()
  })

  it('rejects where no fault fits', async () => {
    await expect(faultPlans({ ...refund, faults: [] })).rejects.toThrow('expected at least one fault that fits')
  })
})
