/** Proves what measuring changes about the verdict on a scenario, and that violations met by chance are told like others. */
import { encodePlan } from 'agent-chaos/faults'
import { held, type Verdict, violated } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { type MeasureProgress, withReliability } from '../../../harness/campaign/reliability.js'
import type { Executor, ScenarioFacts } from '../../../harness/contracts/executor.js'
import { search } from '../../../harness/search/search.js'
import type { SearchResult } from '../../../harness/search/searched.js'
import { spending } from '../../support/measure/samples.js'
import { factsWith, type Outcome, point, recordOf } from '../../support/search/synthetic.js'

const failure: Outcome = { claim: 'failure', goal: false }
const command = (seed: number, plan: string) => `replay --seed ${seed} --plan '${plan}'`
const reliable = (budget: ScenarioFacts['budget'] = { reliability: 0.95 }) => factsWith({ budget })
const duplicated = violated('applied-twice', 'it was applied twice', [0])

/** Under a profile, the n-th trial draws two faults and comes to `measured` of n; under a plan, to `searched` of it. */
function executorOf(
  facts: ScenarioFacts,
  measured: (index: number) => Outcome,
  searched: (plan: string) => Outcome = () => ({}),
): Executor & { readonly planned: string[] } {
  const planned: string[] = []
  let drawn = 0
  return {
    facts,
    planned,
    async run(specs, { onTrial, signal } = {}) {
      return specs.map((spec, index) => {
        if (signal?.aborted) return undefined
        if (!spec.profile) planned.push(encodePlan(spec.plan))
        const plan = spec.profile ? [point('a'), point('b')] : spec.plan
        const outcome = spec.profile ? measured(drawn++) : searched(encodePlan(plan))
        const record = recordOf(facts, { ...spec, plan }, { spend: spending(), ...outcome })
        onTrial?.(record, index)
        return record
      })
    },
  }
}

async function run(
  executor: Executor,
  given: { readonly trialsMax?: number; readonly signal?: AbortSignal; readonly seen?: MeasureProgress[] } = {},
): Promise<SearchResult> {
  const found = await search(executor, { seed: 1, trialsMax: 2000, command })
  return withReliability(executor, found, {
    seed: 1,
    trialsMax: given.trialsMax ?? 2000,
    signal: given.signal,
    command,
    onProgress: (progress) => given.seen?.push(progress),
  })
}

const verdicts = (listed: Verdict): Outcome => ({ verdicts: { listed } })

describe('the verdict on a measured scenario', () => {
  it('is passed where nothing is violated and the reliability is met', async () => {
    const { verdict, because, measure } = await run(executorOf(reliable(), () => ({})))
    expect([verdict, measure?.gate.verdict]).toEqual(['passed', 'met'])
    expect(because).toContain('73 of 73 trials succeeded')
  })

  it('is violated where the reliability is missed, though no invariant is', async () => {
    const { verdict, because, violations } = await run(executorOf(reliable(), (n) => (n % 10 === 0 ? failure : {})))
    expect([verdict, violations]).toEqual(['violated', []])
    expect(because).toBe(
      'reliability missed: 234 of 261 trials succeeded: an agent of 0.95 ever does so badly in at most 5 % of runs',
    )
  })

  it('is inconclusive where the reliability is not shown, and says how many trials would tell', async () => {
    const { verdict, because, measure } = await run(
      executorOf(reliable(), (n) => (n % 35 === 34 ? failure : {})),
      { trialsMax: 120 },
    )
    expect(verdict).toBe('inconclusive')
    expect(because).toBe(
      'reliability not shown: 117 of 120 trials succeeded, and no more are allowed: that does not tell a reliability of ' +
        '0.95 from one of 0.99; about 630 trials would tell (--measure-trials 630)',
    )
    expect(measure?.gate).toMatchObject({ verdict: 'not-shown', trialsToTell: 630 })
  })

  it('is inconclusive where the gate is refused, with the number of trials and the option that allows them', async () => {
    const { verdict, because } = await run(
      executorOf(reliable(), () => ({})),
      { trialsMax: 100 },
    )
    expect(verdict).toBe('inconclusive')
    expect(because).toBe(
      'reliability was not measured: to tell a reliability of 0.95 from one of 0.99 takes 110 trials on average, and no more than 100 are allowed (--measure-trials)',
    )
  })

  it('stays violated whatever is measured, and tells both reasons where both are missed', async () => {
    const breakUnder = (plan: string) => (plan === '' ? {} : verdicts(duplicated))
    const sound = await run(executorOf(reliable(), () => ({}), breakUnder))
    const both = await run(executorOf(reliable(), () => failure, breakUnder))
    expect([sound.verdict, sound.because, sound.measure?.gate.verdict]).toEqual(['violated', 'violated: listed', 'met'])
    expect(both.because).toMatch(/^violated: listed; reliability missed: 0 of 2 trials/)
  })

  it('stays inconclusive where the search was, and is violated if the reliability is missed', async () => {
    const vacuous = (): Outcome => verdicts({ kind: 'vacuous', because: 'never' })
    const calm = await run(executorOf(reliable(), () => ({}), vacuous))
    const bad = await run(executorOf(reliable(), () => failure, vacuous))
    expect([calm.verdict, bad.verdict]).toEqual(['inconclusive', 'violated'])
    expect(calm.because).toContain('never put to the test')
  })
})

describe('nothing is measured', () => {
  const measureUnder = async (facts: ScenarioFacts, searched: (plan: string) => Outcome = () => ({})) => {
    let measured = 0
    const { measure } = await run(
      executorOf(
        facts,
        () => {
          measured++
          return {}
        },
        searched,
      ),
    )
    return [measure, measured]
  }

  it('of a scenario that asks for no reliability, or is a canary', async () => {
    expect(await measureUnder(reliable({}))).toEqual([null, 0])
    expect(await measureUnder({ ...reliable(), canary: 'listed' })).toEqual([null, 0])
  })

  it('of a scenario that does not work without faults', async () => {
    expect(await measureUnder(reliable(), () => verdicts(duplicated))).toEqual([null, 0])
    expect(await measureUnder(reliable(), () => ({ goal: false }))).toEqual([null, 0])
  })

  it('once the run was interrupted', async () => {
    const { measure } = await run(
      executorOf(reliable(), () => ({})),
      { signal: AbortSignal.abort() },
    )
    expect(measure).toBeNull()
  })
})

describe('a violation of safety that is met while measuring', () => {
  /** It takes the fault at `b`, which the search never tries beside the one at `a` and does not find. */
  const executorThatBreaks = () =>
    executorOf(
      reliable(),
      (n) => (n === 4 || n === 8 ? verdicts(duplicated) : {}),
      (plan) => (plan.includes('tool:b') && plan.includes('tool:a') ? verdicts(duplicated) : {}),
    )

  it('fails the run, with a plan and a seed that replay it', async () => {
    const { verdict, because, violations, invariants, search } = await run(executorThatBreaks())
    expect([verdict, because]).toEqual(['violated', 'violated while measuring: listed'])
    expect(violations).toHaveLength(1)
    expect(violations[0]).toMatchObject({
      invariant: 'listed',
      status: 'confirmed',
      phase: 'measure',
      foundAfterTrials: search.run + 5,
      occurrences: 2,
      faults: 2,
      trial: { plan: 'tool:a#1 = tool/unavailable; tool:b#1 = tool/unavailable' },
    })
    expect(violations[0]?.environment.command).toBe(
      command(violations[0]?.trial.seed ?? 0, violations[0]?.trial.plan ?? ''),
    )
    expect(invariants.find(({ name }) => name === 'listed')?.verdict).toBe('violated')
  })

  it('is shrunk to the faults that it takes', async () => {
    const executor = executorOf(
      reliable(),
      (n) => (n === 0 ? verdicts(duplicated) : {}),
      (plan) => (plan === 'tool:b#1 = tool/unavailable' || plan.includes(';') ? verdicts(duplicated) : {}),
    )
    // The search aims at what it reaches without faults; here it stops before that.
    const found = { ...(await search(executor, { seed: 1, trialsMax: 1, command })), violations: [] }
    const reported = await withReliability(executor, found, {
      seed: 1,
      trialsMax: 2000,
      command,
      onProgress: () => {},
    })
    expect(reported.violations.map(({ trial }) => trial.plan)).toEqual(['tool:b#1 = tool/unavailable'])
  })

  it('is not told again where the search has told of it', async () => {
    const everywhere = executorOf(
      reliable(),
      () => verdicts(duplicated),
      (plan) => (plan === '' ? {} : verdicts(duplicated)),
    )
    const { violations } = await run(everywhere)
    expect(violations.map(({ invariant, phase }) => [invariant, phase])).toEqual([['listed', undefined]])
  })

  it('that does not show again is flaky, and leaves the verdict open', async () => {
    const { verdict, because, violations } = await run(
      executorOf(reliable(), (n) => (n === 4 ? verdicts(duplicated) : {})),
    )
    expect(violations.map(({ status }) => status)).toEqual(['flaky'])
    expect([verdict, because]).toEqual([
      'inconclusive',
      'a violation was seen once while measuring and not again under the same plan and seed',
    ])
  })

  it('counts, and one of liveness does not: that is what reliability is for', async () => {
    const facts = { ...reliable(), invariants: [{ name: 'listed', kind: 'liveness', listed: true }] as const }
    const { verdict, violations } = await run(
      executorOf(
        facts,
        () => verdicts(duplicated),
        () => verdicts(held),
      ),
    )
    expect([verdict, violations]).toEqual(['passed', []])
  })
})

describe('the progress of measuring', () => {
  it('counts the trials of the sample', async () => {
    const seen: MeasureProgress[] = []
    await run(
      executorOf(reliable(), () => ({})),
      { seen },
    )
    expect(seen).toHaveLength(73)
    expect(seen.at(-1)).toEqual({ phase: 'measure', done: 73, planned: 73, violations: 0 })
  })
})
