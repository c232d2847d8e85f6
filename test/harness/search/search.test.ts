/** Proves what a search concludes: a pass only where something was tested, a violation only where it repeats. */
import { encodePlan } from 'agent-chaos/faults'
import { held, inconclusive, vacuous, violated } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import type { ScenarioFacts, TrialSpec } from '../../../harness/contracts/executor.js'
import { digestOf } from '../../../harness/contracts/trace.js'
import type { SearchOptions } from '../../../harness/search/options.js'
import { search } from '../../../harness/search/search.js'
import { factsWith, fakeExecutor, type Outcome, point, reaching } from '../../support/search/synthetic.js'

const bug = (signature = 'bad') => ({ verdicts: { listed: violated(signature, 'It broke.', [0]) } })
const options: SearchOptions = { seed: 1, trialsMax: 100, command: (seed, plan) => `replay ${seed} ${plan}` }

/** Searches a scenario of which each trial comes out as told. */
async function searchWith(
  outcome: (plan: string, times: number) => Outcome = () => ({}),
  facts: Partial<ScenarioFacts> = {},
  more: Partial<SearchOptions> = {},
) {
  const executor = fakeExecutor(factsWith(facts), outcome)
  const result = await search(executor, { ...options, ...more })
  return { result, plans: executor.plans, seeds: executor.seeds }
}

/** Trials of a search of the two tools: once, for good, two and three in a row, every other time, for a while and for longer. */
const all = 2 * 7

/** The fault's first form, which the search comes to first. */
const first = encodePlan([point('a')])

describe('a search', () => {
  it('passes where every fault landed and every invariant was held', async () => {
    const { result } = await searchWith()
    expect(result).toMatchObject({
      verdict: 'passed',
      because: `no violation in ${all} trials with faults`,
      violations: [],
    })
    expect(result.search).toMatchObject({ planned: all, run: all, reached: all, landed: all, skipped: 0 })
  })

  it('is violated where a violation repeats, and says by what', async () => {
    const { result } = await searchWith((plan) => (plan === first ? bug() : {}))
    expect(result).toMatchObject({ verdict: 'violated', because: 'violated: listed' })
    expect(result.violations).toMatchObject([
      {
        invariant: 'listed',
        signature: 'bad',
        status: 'confirmed',
        faults: 1,
        foundAfterTrials: 1,
        occurrences: 1,
        trial: { plan: first },
        environment: { command: `replay 1 ${first}` },
      },
    ])
  })

  it('tells each bug once, with its minimal plan', async () => {
    const { result } = await searchWith((plan) => (plan.includes('tool:a') ? bug('a') : plan ? bug('b') : {}))
    expect(result.violations.map(({ signature, occurrences, trial }) => [signature, occurrences, trial.plan])).toEqual([
      ['a', all / 2, first],
      ['b', all / 2, encodePlan([point('b')])],
    ])
  })

  it('says which faults are needed, and which others are enough', async () => {
    const remembered = [{ plan: ['a', 'b', 'c', 'd'].map((tool) => point(tool)), seed: 1 }]
    const tell = async (...causes: string[]) => {
      const isBad = (plan: string) => causes.some((cause) => plan.includes(cause))
      const { result } = await searchWith((plan) => (isBad(plan) ? bug() : {}), {}, { remembered })
      return result.violations.map(({ trial, needsEach, enough }) => [trial.plan, needsEach, enough])
    }
    const [one, other] = [encodePlan([point('a'), point('b')]), encodePlan([point('c'), point('d')])]
    expect(await tell(one)).toEqual([[one, true, undefined]])
    expect(await tell(one, other)).toEqual([[one, true, other]])
    expect(await tell(first)).toEqual([[first, undefined, undefined]])
  })

  it('does not shrink one bug into another', async () => {
    const { result } = await searchWith((plan) => (plan.includes('.. =') ? bug('lasting') : plan ? bug('once') : {}))
    const lasting = result.violations.find(({ signature }) => signature === 'lasting')
    expect(lasting?.trial.plan).toBe('tool:a#1.. = tool/unavailable')
  })

  it('runs no more trials than it may, and says what it left out', async () => {
    const { result, plans } = await searchWith(() => ({}), {}, { trialsMax: 2, rechecksMax: 1 })
    expect(result.search).toMatchObject({ planned: all, run: 2, skipped: all - 2 })
    expect(plans.slice(1, 3)).toEqual([first, encodePlan([point('b')])])
    expect(plans.filter((plan) => plan.includes('+30s'))).toEqual([])
  })

  it('counts its probes among the trials, so that what one of them breaks is told, and no plan is run for nothing', async () => {
    const isProbe = (plan: string) => plan === 'tool:b#1.. = tool/unavailable'
    const { result, plans } = await searchWith((plan) => (isProbe(plan) ? bug() : {}), {}, { trialsMax: 4 })
    expect(result.violations.map(({ signature, foundAfterTrials }) => [signature, foundAfterTrials])).toEqual([
      ['bad', 4],
    ])
    const { plans: quiet } = await searchWith(() => ({}), {}, { rechecksMax: 1 })
    expect(plans.slice(1, 5)).toEqual(quiet.slice(1, 5))
    expect(new Set(quiet.slice(1, 1 + all)).size).toBe(all)
  })

  it('adds random plans after the systematic ones where asked, the same for the same seed', async () => {
    const [one, same, other] = [
      await searchWith(() => ({}), {}, { randomPlans: 20 }),
      await searchWith(() => ({}), {}, { randomPlans: 20 }),
      await searchWith(() => ({}), {}, { randomPlans: 20, seed: 2 }),
    ]
    expect(one.result.search).toMatchObject({ planned: all + 20, run: all + 20 })
    expect(same.plans).toEqual(one.plans)
    expect(other.plans.slice(1 + all)).not.toEqual(one.plans.slice(1 + all))
  })

  it('gives each random plan a seed of its own, the same however many there are, and the systematic ones that of the run', async () => {
    const seedsOf = async (randomPlans: number, seed = 1) =>
      (await searchWith(() => ({}), {}, { randomPlans, seed, rechecksMax: 1 })).seeds.slice(0, 1 + all + randomPlans)
    const seeds = await seedsOf(20)
    expect(new Set(seeds.slice(0, 1 + all))).toEqual(new Set([1]))
    expect(new Set(seeds.slice(1 + all)).size).toBe(20)
    expect((await seedsOf(5)).slice(1 + all)).toEqual(seeds.slice(1 + all, 6 + all))
    expect((await seedsOf(20, 2)).slice(1 + all)).not.toEqual(seeds.slice(1 + all))
  })

  it('shrinks what a random plan shows under the seed that showed it, and says which', async () => {
    const severalFaults = (plan: string) => (plan.includes(';') ? bug('several') : {})
    const { result, seeds } = await searchWith(severalFaults, {}, { randomPlans: 20, rechecksMax: 1 })
    const [{ foundAfterTrials, trial, environment } = expect.fail('nothing was found')] = result.violations
    expect(trial.seed).toBe(seeds[foundAfterTrials])
    expect(trial.seed).not.toBe(1)
    expect(environment.command).toBe(`replay ${trial.seed} ${trial.plan}`)
  })
})

describe('trials that are run again', () => {
  it('are the very ones that ran before, so that an executor can take another process for each', async () => {
    const executor = fakeExecutor(factsWith())
    const before = new Set<TrialSpec>()
    const again: TrialSpec[] = []
    const run: typeof executor.run = (specs, how) => {
      if (how?.elsewhere) again.push(...specs)
      else for (const spec of specs) before.add(spec)
      return executor.run(specs, how)
    }
    await search({ facts: executor.facts, run }, options)
    const faulty = again.filter(({ plan }) => plan.length > 0)
    expect(faulty.length).toBeGreaterThan(2)
    expect(faulty.filter((spec) => !before.has(spec))).toEqual([])
  })
})

describe('a search in which outages struck', () => {
  const note = /^no recovery was asked for/
  const recovers = { name: 'recovers', kind: 'liveness', listed: true } as const
  const notesWith = async (cameBack: (plan: string) => boolean, more: readonly (typeof recovers)[] = [recovers]) => {
    const { result } = await searchWith(
      (plan) => ({ verdicts: { recovers: held }, ...(plan.includes(' +') && { cameBack: cameBack(plan) }) }),
      { invariants: [...factsWith().invariants, ...more] },
    )
    return result.notes.filter((each) => note.test(each))
  }

  it('says that no recovery was asked for where the agent never came back', async () => {
    expect(await notesWith(() => false)).toHaveLength(1)
  })

  it('says nothing of it where the scenario asks for none', async () => {
    expect(await notesWith(() => false, [])).toEqual([])
  })

  it('says nothing of it where it came back once', async () => {
    expect(await notesWith((plan) => plan.startsWith('tool:b'))).toEqual([])
  })
})

describe('a search is inconclusive', () => {
  it('where an invariant that the scenario lists was never put to the test', async () => {
    const { result } = await searchWith(() => ({ verdicts: { listed: vacuous('no limit was reached') } }))
    expect(result).toMatchObject({
      verdict: 'inconclusive',
      because: 'listed was never put to the test: no limit was reached',
    })
  })

  it('where no fault landed', async () => {
    const { result } = await searchWith((plan) => ({
      injections: plan ? [{ text: plan, faults: 1, closed: true, status: 'reached', endsAt: null }] : [],
      struck: [],
    }))
    expect(result).toMatchObject({ verdict: 'inconclusive', because: 'no fault landed: nothing was tested' })
  })

  it('where there is nothing to strike', async () => {
    const { result } = await searchWith(() => ({}), { faults: [] })
    expect(result).toMatchObject({ verdict: 'inconclusive', because: 'no fault landed: nothing was tested' })
  })

  it('where a check threw, although it was held elsewhere and vacuous before', async () => {
    const { result } = await searchWith((plan) => {
      if (plan === '') return { verdicts: { listed: vacuous('no fault') } }
      return plan === first ? { verdicts: { listed: inconclusive('the check threw: oops') } } : {}
    })
    expect(result).toMatchObject({ verdict: 'inconclusive', because: 'listed: the check threw: oops' })
  })

  it('where a violation does not repeat, which is told and not shrunk', async () => {
    const lasting = 'tool:a#1.. = tool/unavailable'
    const { result, plans } = await searchWith((plan, times) => (plan === lasting && times === 1 ? bug() : {}))
    expect(result).toMatchObject({
      verdict: 'inconclusive',
      because: 'a violation was seen once and not again under the same plan and seed',
    })
    expect(result.violations).toMatchObject([{ status: 'flaky', trial: { plan: lasting } }])
    expect(plans.filter((plan) => plan === 'tool:a#1.* = tool/unavailable')).toEqual([])
  })

  it('where two trials of the same plan and seed differ', async () => {
    const { result } = await searchWith((plan, times) => {
      if (plan !== first) return {}
      const trace = reaching('a', ...Array.from({ length: times }, () => 'b'))
      return { evidence: { trace, digest: digestOf(trace) } }
    })
    expect(result.verdict).toBe('inconclusive')
    expect(result.because).toContain(`not repeatable: under "${first}"`)
    expect(result.notes).toContain(result.because)
  })

  it('where it was interrupted, and it shrinks nothing then', async () => {
    const abort = new AbortController()
    const onProgress = () => abort.abort()
    const { result } = await searchWith(() => ({}), {}, { signal: abort.signal, onProgress })
    expect(result).toMatchObject({ verdict: 'inconclusive', because: 'interrupted' })
    const found = new AbortController()
    const broken = await searchWith(
      (plan) => (plan === '' ? {} : bug()),
      {},
      { signal: found.signal, onProgress: () => found.abort() },
    )
    expect(broken.result).toMatchObject({ verdict: 'violated', violations: [{ status: 'unconfirmed' }] })
  })
})

describe('an invariant that is on by default', () => {
  it('changes nothing where it was never put to the test, and is shown as not tested', async () => {
    const { result } = await searchWith(() => ({ verdicts: { 'by-default': vacuous('no side effect was tried') } }))
    expect(result.verdict).toBe('passed')
    expect(result.invariants[0]).toMatchObject({
      name: 'by-default',
      verdict: 'not-tested',
      because: 'no side effect was tried',
    })
  })

  it('raises no number where it tests nothing', async () => {
    const { invariants } = factsWith()
    const untested = { name: 'untested', kind: 'safety', listed: false } as const
    const outcome = () => ({ verdicts: { untested: vacuous('never') } })
    const [without, beside] = [
      await searchWith(outcome),
      await searchWith(outcome, { invariants: [...invariants, untested] }),
    ]
    const { invariants: rows, ...rest } = beside.result
    expect(rest).toEqual({ ...without.result, invariants: undefined })
    expect(rows.slice(0, 2)).toEqual(without.result.invariants)
    expect(rows[2]).toMatchObject({ verdict: 'not-tested', trials: { held: 0, violated: 0, inconclusive: 0 } })
  })
})

describe('a canary', () => {
  const canary = { canary: 'listed' }

  it('passes where it is caught', async () => {
    const { result } = await searchWith((plan) => (plan === first ? bug() : {}), canary)
    expect(result).toMatchObject({ verdict: 'passed', because: 'caught: listed' })
  })

  it('is a violation where it is not caught', async () => {
    const { result } = await searchWith(() => ({}), canary)
    expect(result).toMatchObject({
      verdict: 'violated',
      because: 'the canary was not caught: listed was never violated',
    })
  })

  it('is not caught by another invariant, nor by what does not repeat', async () => {
    const other = await searchWith((plan) => (plan ? bug() : {}), { canary: 'by-default' })
    expect(other.result.verdict).toBe('violated')
    const flaky = await searchWith((plan, times) => (plan === first && times === 1 ? bug() : {}), canary)
    expect(flaky.result.verdict).toBe('violated')
  })

  it('is inconclusive where there was no time to catch it', async () => {
    const abort = new AbortController()
    const { result } = await searchWith(() => ({}), canary, { signal: abort.signal, onProgress: () => abort.abort() })
    expect(result).toMatchObject({ verdict: 'inconclusive', because: 'interrupted before the canary was caught' })
  })
})

describe('a baseline that does not work', () => {
  const spend = reaching('a').spend

  it.each<[string, string, Outcome, Partial<ScenarioFacts>, string]>([
    ['breaks an invariant', 'broken', bug(), {}, 'without any fault, listed is violated: It broke.'],
    ['misses the goal', 'misconfigured', { goal: false }, {}, 'without any fault, the goal is not reached'],
    ['has a goal that throws', 'misconfigured', { goal: null }, {}, 'without any fault, goal() threw'],
    ['claims failure', 'misconfigured', { claim: 'failure' }, {}, 'without any fault, the agent claims failure'],
    ['claims nothing', 'misconfigured', { claim: null }, {}, 'without any fault, the agent claims nothing'],
    [
      'exits',
      'misconfigured',
      { end: { kind: 'exited', code: 3 } },
      {},
      'without any fault, the agent called process.exit(3)',
    ],
    [
      'gets stuck',
      'misconfigured',
      { end: { kind: 'stuck', resources: ['FSReqCallback'] } },
      {},
      'without any fault, real work stayed in flight for ever: FSReqCallback',
    ],
    [
      'spends too much',
      'misconfigured',
      { spend: { ...spend, seconds: 61 } },
      { budget: { spend: { seconds: 60 } } },
      'without any fault, the agent spends more than its budget: 61 seconds spent, 60 allowed',
    ],
    [
      'spends what has no price',
      'misconfigured',
      { spend: { ...spend, usd: null } },
      { budget: { spend: { usd: 1 } } },
      'budget.spend.usd is set, and the price of the model is not known',
    ],
  ])('because it %s makes the scenario %s, and no fault is tried', async (_what, verdict, outcome, facts, because) => {
    const { result, plans } = await searchWith(() => outcome, facts)
    expect(result).toMatchObject({ verdict, because, violations: [], coverage: [] })
    expect(result.search).toEqual({ planned: 0, run: 0, reached: 0, landed: 0, shrinking: 0, skipped: 0 })
    expect(plans).toEqual([''])
  })

  it('is none where the agent claims to have done part of the task and reached the goal within its budget', async () => {
    const { result } = await searchWith(() => ({ claim: 'degraded', spend: { ...spend, seconds: 60 } }), {
      budget: { spend: { seconds: 60 } },
    })
    expect(result.verdict).toBe('passed')
  })
})
