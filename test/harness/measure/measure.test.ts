/** Proves that a scenario is measured as its budget asks, in independent trials, and that too little is no verdict. */
import { describe, expect, it } from 'vitest'
import type { Executor, ScenarioFacts, TrialRecord, TrialSpec } from '../../../harness/contracts/executor.js'
import { profileOf } from '../../../harness/contracts/profile.js'
import { measureSchema } from '../../../harness/contracts/report/measure-report.js'
import { trialSeed } from '../../../harness/contracts/stream.js'
import { isMeasurable } from '../../../harness/measure/measurable.js'
import { type MeasureOptions, measure } from '../../../harness/measure/measure.js'
import {
  bandHalfWidth,
  bandHalfWidthAtAnyStop,
  confidenceSequence,
  wilson,
} from '../../../harness/measure/statistics.js'
import { measuredFacts, noOutcomes, spending, struck } from '../../support/measure/samples.js'
import { factsWith, type Outcome, recordOf } from '../../support/search/synthetic.js'

const failure: Outcome = { claim: 'failure', goal: false }

type Outcomes = (index: number) => Outcome

/** Of the run with seed 1. */
const indexOf = new Map(Array.from({ length: 1000 }, (_, index) => [trialSeed(1, 'measure', index), index]))

interface Workers {
  /** How many trials are begun before the first of them is heard of. */
  readonly ahead?: number
  readonly faults?: typeof struck
}

/**
 * The n-th trial comes to what `outcome` says of n, from 0. Trials end in another order than they begin in, as on many
 * workers, and those in flight when the run is aborted are still heard of.
 */
function executorOf(
  facts: ScenarioFacts,
  outcome: Outcomes = () => ({}),
  { ahead = 1, faults = struck }: Workers = {},
) {
  const specs: TrialSpec[] = []
  const executor: Executor = {
    facts,
    async run(asked, { onTrial, signal } = {}) {
      const records = asked.map((): TrialRecord | undefined => undefined)
      for (let first = 0; first < asked.length && !signal?.aborted; first += ahead) {
        const inFlight = asked.slice(first, first + ahead).map((spec, offset) => ({ spec, place: first + offset }))
        for (const { spec, place } of inFlight.reverse()) {
          specs.push(spec)
          const given = { spend: spending(), crossings: 2, ...outcome(indexOf.get(spec.seed) ?? place) }
          const record = recordOf(facts, { ...spec, plan: faults }, given)
          records[place] = record
          onTrial?.(record, place)
        }
      }
      return records
    },
  }
  return { executor, specs }
}

async function reportOf(
  outcome: Outcomes = () => ({}),
  {
    facts = measuredFacts(),
    faults = struck,
    ahead = 1,
    ...options
  }: Partial<MeasureOptions> & Workers & { readonly facts?: ScenarioFacts } = {},
) {
  const { executor } = executorOf(facts, outcome, { ahead, faults })
  return (await measure(executor, { seed: 1, trialsMax: 2000, ...options })).report
}

const everyTenth: Outcomes = (index) => (index % 10 === 0 ? failure : {})
const fixed = { gate: 'fixed' } as const

describe('a scenario that is measured in sequence', () => {
  it('is met as soon as it may be, where it succeeds in every trial', async () => {
    const report = await reportOf()
    expect(report).toMatchObject({
      trials: 73,
      successes: 73,
      gate: { kind: 'sequential', verdict: 'met', trialsNeeded: 110, alpha: 0.05, beta: 0.05, pValue: 1 },
      outcomes: { ...noOutcomes, success: 73 },
      errorBudget: { consumed: 0, left: 1 },
    })
    expect(report.gate.because).toBe(
      '73 of 73 trials succeeded: an agent of 0.95 ever does so well in at most 5 % of runs',
    )
    expect(report.gate.evidence?.met).toBeGreaterThanOrEqual(report.gate.evidence?.metAt ?? 10)
    expect(report.reliability.aim).toBeCloseTo(0.99, 12)
  })

  it('is missed as soon as it must be', async () => {
    const report = await reportOf(everyTenth)
    expect(report).toMatchObject({ trials: 261, successes: 234, gate: { verdict: 'missed' } })
    expect(report.gate.because).toBe(
      '234 of 261 trials succeeded: an agent of 0.95 ever does so badly in at most 5 % of runs',
    )
    expect(report.gate.pValue).toBeLessThan(0.05)
    expect(report.errorBudget.consumed).toBeCloseTo(27 / 261 / 0.05)
  })

  it('takes more trials for every failure, and may still pass', async () => {
    const report = await reportOf((index) => (index === 40 || index === 100 ? failure : {}))
    expect(report).toMatchObject({ successes: 151, trials: 153, gate: { verdict: 'met' } })
  })

  it('is never met for lack of trials', async () => {
    const report = await reportOf((index) => (index % 35 === 34 ? failure : {}), { trialsMax: 120 })
    expect(report).toMatchObject({ trials: 120, gate: { verdict: 'not-shown', trialsToTell: 630 } })
    expect(report.gate.because).toBe(
      '117 of 120 trials succeeded, and no more are allowed: that does not tell a reliability of 0.95 from one of 0.99; ' +
        'about 630 trials would tell (--measure-trials 630)',
    )
  })

  it('comes to the same however many trials run at once, and in whatever order they end', async () => {
    const agents: readonly Outcomes[] = [
      () => ({}),
      everyTenth,
      (index) => (index === 72 ? failure : {}),
      (index) => (index % 37 === 36 ? failure : {}),
      () => failure,
    ]
    for (const agent of agents) {
      const alone = await measure(executorOf(measuredFacts(), agent).executor, { seed: 1, trialsMax: 2000 })
      for (const ahead of [2, 7, 16, 500]) {
        const { executor } = executorOf(measuredFacts(), agent, { ahead })
        expect(await measure(executor, { seed: 1, trialsMax: 2000 })).toEqual(alone)
      }
    }
  })

  it('runs no trial in vain where all goes well, and few where the gate fails', async () => {
    const good = executorOf(measuredFacts(), () => ({}), { ahead: 8 })
    await measure(good.executor, { seed: 1, trialsMax: 2000 })
    expect(good.specs).toHaveLength(73)
    const bad = executorOf(measuredFacts(), () => failure, { ahead: 8 })
    await measure(bad.executor, { seed: 1, trialsMax: 2000 })
    expect(bad.specs.length).toBeLessThanOrEqual(16)
  })

  it('has the share of the risk that the number of gates leaves it, which is asked for only where it is about to fail', async () => {
    let asked = 0
    const gates = async () => {
      asked++
      return 20
    }
    const good = await reportOf(() => ({}), { gates })
    expect([good.trials, good.gate.alpha, asked]).toEqual([73, 0.05, 0])
    const bad = await reportOf(everyTenth, { gates })
    expect([bad.gate.verdict, bad.gate.alpha, asked]).toEqual(['missed', 0.05 / 20, 1])
    expect(bad.trials).toBeGreaterThan(261)
    expect(bad.gate.because).toContain('at most 0.25 % of runs')
  })

  it('is told with the confidence sequence and no other interval, since its results ended it', async () => {
    const { reliability, errorBudget, curve, costPerSuccess } = await reportOf()
    const sequence = confidenceSequence(73, 73)
    expect(reliability).toMatchObject({
      interval: sequence,
      intervalBy: 'confidence-sequence',
      lower: sequence.low,
      upper: 1,
    })
    expect(errorBudget.interval.high).toBeCloseTo((1 - reliability.interval.low) / 0.05, 12)
    expect(costPerSuccess.interval).toBeNull()
    expect(curve.band).toBe(bandHalfWidthAtAnyStop(73))
  })

  it('fails for what it spends too much, and for what it invents', async () => {
    const dear = await reportOf(() => ({ spend: spending({ turns: 11 }) }))
    const lying = await reportOf(() => ({ goal: false }))
    expect([dear.gate.verdict, dear.outcomes.overBudget]).toEqual(['missed', 2])
    expect([lying.gate.verdict, lying.outcomes.inventedSuccess]).toEqual(['missed', 2])
  })

  it('passes with degraded answers where the budget counts them as successes, and fails where it does not', async () => {
    const half = () => ({ claim: 'degraded' }) as const
    const facts = factsWith({ budget: { reliability: 0.95, degradedCountsAs: 'success' } })
    const counted = await reportOf(half, { facts })
    expect(counted).toMatchObject({
      successes: 73,
      gate: { verdict: 'met' },
      outcomes: { degraded: 73, success: 0 },
    })
    expect((await reportOf(half)).gate.verdict).toBe('missed')
  })

  it('is refused before it starts where the trials allowed could not decide', async () => {
    const { executor, specs } = executorOf(measuredFacts())
    const { report } = await measure(executor, { seed: 1, trialsMax: 100 })
    expect(specs).toEqual([])
    expect(report).toMatchObject({ trials: 0, gate: { verdict: 'refused', trialsNeeded: 110 } })
    expect(report.gate.because).toBe(
      'to tell a reliability of 0.95 from one of 0.99 takes 110 trials on average, and no more than 100 are allowed',
    )
    expect(report.reliability).toMatchObject({ estimate: null, lower: 0, upper: 1 })
  })

  it('is inconclusive where it was interrupted, whatever came of the trials before that', async () => {
    const stop = new AbortController()
    const onProgress = (done: number) => {
      if (done === 60) stop.abort()
    }
    const report = await reportOf(() => ({}), { signal: stop.signal, onProgress })
    expect(report).toMatchObject({
      trials: 60,
      gate: { verdict: 'inconclusive', because: 'interrupted after 60 trials', pValue: null },
    })
  })

  it('goes on until a fault lands, and is inconclusive where none does', async () => {
    const late = await reportOf((index) => (index < 80 ? { injections: [] } : {}))
    expect(late).toMatchObject({ trials: 81, gate: { verdict: 'met' } })
    const calm = await reportOf(() => ({}), { faults: [], trialsMax: 150 })
    expect(calm).toMatchObject({ trials: 150, gate: { verdict: 'inconclusive' } })
    expect(calm.gate.because).toContain('no fault landed in 150 trials')
  })

  it('is in order without a fault where none was asked for', async () => {
    const facts = factsWith({ budget: { reliability: 0.95, faultRate: 0 } })
    expect((await reportOf(() => ({}), { facts, faults: [] })).gate.verdict).toBe('met')
  })

  it('is inconclusive where the goal could not be looked at', async () => {
    const report = await reportOf((index) => (index === 3 ? { goal: null } : {}))
    expect(report.gate).toMatchObject({ verdict: 'inconclusive', because: 'goal() threw in 1 of 113 trials' })
  })

  it('is inconclusive, and never missed, where the machine cut trials short', async () => {
    const end = { kind: 'killed', why: 'starved' } as const
    const report = await reportOf((index) => (index % 3 === 0 ? { end, claim: null, goal: null } : {}))
    expect(report.gate).toMatchObject({ verdict: 'inconclusive' })
    expect(report.gate.because).toMatch(/^\d+ of \d+ trials were cut short by the limit of real time, not by the agent/)
  })
})

describe('a scenario that is measured in a fixed number of trials', () => {
  it('passes where it succeeds in every trial', async () => {
    const report = await reportOf(() => ({}), fixed)
    expect(report).toMatchObject({
      trials: 181,
      successes: 181,
      gate: { kind: 'fixed', verdict: 'met', trialsNeeded: 181, evidence: null },
      outcomes: { ...noOutcomes, success: 181 },
      errorBudget: { consumed: 0, interval: { high: (1 - wilson(181, 181).low) / 0.05 } },
      curve: { band: bandHalfWidth(181) },
    })
  })

  it('may be asked for by its budget, which the caller outweighs', async () => {
    const facts = factsWith({ budget: { reliability: 0.95, gate: 'fixed' } })
    expect((await reportOf(() => ({}), { facts })).trials).toBe(181)
    expect((await reportOf(() => ({}), { facts, gate: 'sequential' })).trials).toBe(73)
  })

  it('fails a gate at 0.95 where it succeeds in nine trials of ten', async () => {
    const report = await reportOf(everyTenth, fixed)
    expect(report.gate).toMatchObject({ verdict: 'missed' })
    expect(report.gate.because).toBe(
      '162 of 181 trials succeeded: reliability is at most 0.9302, and 0.95 is asked for',
    )
    expect(report.reliability.upper).toBeLessThan(0.95)
  })

  it('is not shown where it is just at its target, and no number of trials tells', async () => {
    const report = await reportOf((index) => (index < 9 ? failure : {}), fixed)
    expect(report.gate).toMatchObject({ verdict: 'not-shown' })
    expect(report.gate.because).toContain('neither shows a reliability of 0.95 nor rules it out')
  })

  it('is refused where it needs more than is allowed', async () => {
    const { gate } = await reportOf(() => ({}), { ...fixed, trialsMax: 100 })
    expect(gate).toMatchObject({ kind: 'fixed', verdict: 'refused', trialsNeeded: 181 })
    expect(gate.because).toContain('takes 181 trials, and no more than 100 are allowed')
  })

  it('takes fewer trials where the aim is further from the target', async () => {
    const facts = factsWith({ budget: { reliability: 0.95, aim: 0.999 } })
    expect((await reportOf(() => ({}), { ...fixed, facts })).trials).toBeLessThan(181)
  })

  it('is inconclusive where it was interrupted, and where no fault landed', async () => {
    const stop = new AbortController()
    const onProgress = (done: number) => {
      if (done === 60) stop.abort()
    }
    const report = await reportOf(() => ({}), { ...fixed, signal: stop.signal, onProgress })
    expect(report.gate).toMatchObject({ verdict: 'inconclusive', because: 'interrupted after 60 of 181 trials' })
    const calm = await reportOf(() => ({}), { ...fixed, faults: [] })
    expect(calm.gate.because).toContain('no fault landed in 181 trials')
  })

  it('tells the faults that its trials really met', async () => {
    const facts = factsWith({ budget: { reliability: 0.95, faultRate: 0.3 } })
    const outcome: Outcomes = (index) => (index % 2 === 0 ? { injections: [] } : { crossings: 8 })
    const missed = await reportOf(outcome, { ...fixed, facts })
    // 90 trials with one fault in eight crossings, 91 with none in two.
    expect(missed.reliability.faultRate).toEqual({
      nominal: 0.3,
      effective: 90 / (90 * 8 + 91 * 2),
      faultless: 91 / 181,
    })
  })
})

describe('the report of what was measured', () => {
  it('states the world that it holds for, and the day of its prices', async () => {
    const prices = { 'my-model': { input: 1, output: 2 } }
    const facts = factsWith({ budget: { reliability: 0.9, profile: 'flaky-tools', prices } })
    const report = await reportOf(() => ({}), { facts })
    expect(report.profile).toEqual({ ...profileOf(facts.budget) })
    expect(report.profile).toMatchObject({ name: 'flaky-tools', bursts: { meanCalls: 3, share: 0.3 } })
    expect(report.prices).toEqual({ listsAsOf: { vendor: '2025-11-24' }, own: ['my-model'] })
    expect(report.reliability.faultRate.nominal).toBe(0.15)
  })

  it('fits its published schema', async () => {
    for (const report of [
      await reportOf(),
      await reportOf(everyTenth, fixed),
      await reportOf(undefined, { trialsMax: 1 }),
    ]) {
      expect(measureSchema.parse(report)).toEqual(report)
    }
  })
})

describe('a sweep over fault rates', () => {
  /** As drawn, what a lower rate strikes a higher one strikes too. */
  const fragile = (): Executor => {
    const { executor } = executorOf(measuredFacts())
    return {
      ...executor,
      async run(specs, options = {}) {
        const { onTrial, ...rest } = options
        const records = await executor.run(specs, rest)
        return records.map((record, index) => {
          const rate = specs[index]?.profile?.faultRate ?? 0
          const struckNow = record !== undefined && (record.seed % 1000) / 1000 < rate
          const changed = record && { ...record, landed: struckNow ? 1 : 0, ...(struckNow ? failure : {}) }
          if (changed) onTrial?.(changed, index)
          return changed
        })
      },
    }
  }
  const options = { seed: 1, trialsMax: 2000, sweep: { rates: [0.2, 0, 0.05, 0.05], trials: 300 } }

  it('measures the same trials at each rate, the lowest first, and tells what each step costs', async () => {
    const { report } = await measure(fragile(), options)
    expect(report.sweep.map(({ faultRate, trials }) => [faultRate.nominal, trials])).toEqual([
      [0, 300],
      [0.05, 300],
      [0.2, 300],
    ])
    const [calm, some, many] = report.sweep
    expect(calm).toMatchObject({ successes: 300, against: null, faultRate: { effective: 0 } })
    expect(some?.against).toMatchObject({ faultRate: 0, pairs: 300, gained: 0, lost: 300 - (some?.successes ?? 0) })
    expect(many?.against).toMatchObject({
      faultRate: 0.05,
      gained: 0,
      lost: (some?.successes ?? 0) - (many?.successes ?? 0),
    })
    expect(many?.interval).toEqual(wilson(many?.successes ?? 0, 300))
    expect(many?.outcomes.honestFailure).toBe(300 - (many?.successes ?? 0))
  })

  it('draws a curve for each rate, lower where more is struck, and names the spend that each takes', async () => {
    const { report } = await measure(fragile(), options)
    const last = report.sweep.map(({ curves }) => curves[0]?.points.at(-1)?.share ?? 0)
    expect([...last].sort((left, right) => right - left)).toEqual(last)
    expect(report.sweep.map(({ curves }) => curves[0]?.cheapest.estimate)).toEqual([0.01, 0.01, null])
    expect(report.sweep.every(({ curves }) => curves.every(({ band }) => band === bandHalfWidth(300)))).toBe(true)
  })

  it('changes nothing about the gate, and its trials are looked at for violations too', async () => {
    const alone = await measure(fragile(), { seed: 1, trialsMax: 2000 })
    const { report, trials } = await measure(fragile(), options)
    expect({ ...report, sweep: [] }).toEqual(alone.report)
    expect(trials).toHaveLength(report.trials + 900)
  })

  it('is told of those rates alone that were measured to the end', async () => {
    const stop = new AbortController()
    const onProgress = (done: number) => {
      if (done === alone.report.trials + 400) stop.abort()
    }
    const alone = await measure(fragile(), { seed: 1, trialsMax: 2000 })
    const stopping = executorOf(measuredFacts())
    const { report } = await measure(stopping.executor, { ...options, signal: stop.signal, onProgress })
    expect(report.sweep.length).toBeLessThan(3)
    expect(report.sweep.every(({ trials }) => trials === 300)).toBe(true)
  })

  it('is run where the gate is refused, too', async () => {
    const { report } = await measure(fragile(), { ...options, trialsMax: 50 })
    expect([report.gate.verdict, report.sweep.length]).toEqual(['refused', 3])
  })
})

describe('the trials of a measured scenario', () => {
  it('each have a seed of their own, a profile in place of a plan, and nothing kept of the trace', async () => {
    const facts = measuredFacts()
    const { executor, specs } = executorOf(facts)
    await measure(executor, { seed: 1, trialsMax: 2000 })
    expect(new Set(specs.map(({ seed }) => seed)).size).toBe(73)
    expect(specs).toEqual(
      specs.map((_, index) => ({
        plan: [],
        profile: profileOf(facts.budget),
        seed: trialSeed(1, 'measure', index),
        detail: 'brief',
      })),
    )
  })

  it('have seeds that no two of many samples share, and that a plan may be replayed with', () => {
    const seeds = [1, 2, 11].flatMap((seed) =>
      Array.from({ length: 2000 }, (_, index) => trialSeed(seed, 'measure', index)),
    )
    expect(new Set(seeds).size).toBe(6000)
    expect(seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0)).toBe(true)
  })

  it('are those that were published for a seed', () => {
    expect([trialSeed(1, 'measure', 0), trialSeed(1, 'measure', 1), trialSeed(2, 'measure', 0)]).toEqual([
      317661379527480, 8523108934526987, 7743849283578133,
    ])
  })

  it('tell how far they are, and how many there will be as it looks', async () => {
    const seen: (readonly number[])[] = []
    const violated = { kind: 'violated', signature: 's', story: 's', evidence: [0] } as const
    await reportOf((index) => (index === 1 ? { verdicts: { listed: violated }, ...failure } : {}), {
      onProgress: (...reported) => seen.push(reported),
    })
    expect(seen.slice(0, 3)).toEqual([
      [1, 73, 0],
      [2, 73, 1],
      [3, 73, 1],
    ])
    expect(seen.at(-1)).toEqual([113, 113, 1])
  })
})

describe('what is measured', () => {
  it('is a scenario that declares a reliability, and no canary', () => {
    expect(isMeasurable(measuredFacts())).toBe(true)
    expect(isMeasurable(factsWith({ budget: {} }))).toBe(false)
    expect(isMeasurable({ ...measuredFacts(), canary: 'listed' })).toBe(false)
  })
})
