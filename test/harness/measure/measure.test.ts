/** Proves that a scenario is measured as its budget asks, in independent trials, and that too little is no verdict. */
import { describe, expect, it } from 'vitest'
import { isMeasurable, type MeasureOptions, measure, trialSeed } from '../../../harness/measure/measure.js'
import { profileOf } from '../../../harness/profile.js'
import type { Executor, ScenarioFacts, TrialSpec } from '../../../harness/run/executor.js'
import { factsWith, type Outcome, recordOf } from '../explore/synthetic.js'
import { measured, noOutcomes, spending, struck } from './samples.js'

const failure: Outcome = { claim: 'failure', goal: false }

/** The n-th trial comes to what `outcome` says of n, from 0. */
function executorOf(facts: ScenarioFacts, outcome: (index: number) => Outcome = () => ({}), faults = struck) {
  const specs: TrialSpec[] = []
  const executor: Executor = {
    facts,
    async run(asked, { onTrial, signal } = {}) {
      return asked.map((spec, index) => {
        if (signal?.aborted) return undefined
        specs.push(spec)
        const given = { spend: spending(), crossings: 2, ...outcome(index) }
        const record = recordOf(facts, { ...spec, plan: faults }, given)
        onTrial?.(record)
        return record
      })
    },
  }
  return { executor, specs }
}

async function reportOf(
  outcome: (index: number) => Outcome = () => ({}),
  {
    facts = measured(),
    faults = struck,
    ...options
  }: Partial<MeasureOptions> & {
    facts?: ScenarioFacts
    faults?: typeof struck
  } = {},
) {
  const { executor } = executorOf(facts, outcome, faults)
  return (await measure(executor, { seed: 1, trialsMax: 2000, ...options })).report
}

const everyTenth = (index: number): Outcome => (index % 10 === 0 ? failure : {})

describe('a measured scenario', () => {
  it('that succeeds in every trial passes', async () => {
    const report = await reportOf()
    expect(report).toMatchObject({
      trials: 181,
      successes: 181,
      gate: { verdict: 'passed', trialsNeeded: 181 },
      outcomes: { ...noOutcomes, success: 181 },
      errorBudget: { consumed: 0 },
    })
    expect(report.reliability.aim).toBeCloseTo(0.99, 12)
  })

  it('that succeeds in nine trials of ten fails a gate at 0.95', async () => {
    const report = await reportOf(everyTenth)
    expect(report.gate.verdict).toBe('failed')
    expect(report.gate.because).toBe(
      '162 of 181 trials succeeded: reliability is at most 0.9302, and 0.95 is asked for',
    )
    expect(report.reliability.upper).toBeLessThan(0.95)
    expect(report.errorBudget.consumed).toBeCloseTo(19 / 181 / 0.05)
  })

  it('that is just at its target is neither passed nor failed', async () => {
    const report = await reportOf((index) => (index < 9 ? failure : {}))
    expect(report.gate).toMatchObject({ verdict: 'inconclusive' })
    expect(report.gate.because).toContain('neither shows a reliability of 0.95 nor rules it out')
  })

  it('fails for what it spends too much, and for what it invents', async () => {
    const dear = await reportOf(() => ({ spend: spending({ turns: 11 }) }))
    const lying = await reportOf(() => ({ goal: false }))
    expect([dear.gate.verdict, dear.outcomes.overBudget]).toEqual(['failed', 181])
    expect([lying.gate.verdict, lying.outcomes.inventedSuccess]).toEqual(['failed', 181])
  })

  it('is refused before it starts where the trials allowed could not decide', async () => {
    const { executor, specs } = executorOf(measured())
    const { report } = await measure(executor, { seed: 1, trialsMax: 100 })
    expect(specs).toEqual([])
    expect(report).toMatchObject({ trials: 0, gate: { verdict: 'refused', trialsNeeded: 181 } })
    expect(report.gate.because).toBe(
      'to tell a reliability of 0.95 from one of 0.99 takes 181 trials, and no more than 100 are allowed',
    )
    expect(report.reliability).toMatchObject({ estimate: null, lower: 0, upper: 1 })
  })

  it('takes fewer trials where the aim is further from the target', async () => {
    const facts = factsWith({ budget: { reliability: 0.95, aim: 0.999 } })
    expect((await reportOf(() => ({}), { facts })).trials).toBeLessThan(181)
  })

  it('is inconclusive where it was interrupted, whatever came of the trials before that', async () => {
    const stop = new AbortController()
    const onProgress = (done: number) => {
      if (done === 60) stop.abort()
    }
    const report = await reportOf(() => ({}), { signal: stop.signal, onProgress })
    expect(report).toMatchObject({
      trials: 60,
      gate: { verdict: 'inconclusive', because: 'interrupted after 60 of 181 trials' },
    })
  })

  it('is inconclusive where no fault landed, and is not where none was asked for', async () => {
    const calm = await reportOf(() => ({}), { faults: [] })
    const budget = { reliability: 0.95, faultRate: 0 }
    const unasked = await reportOf(() => ({}), { facts: factsWith({ budget }), faults: [] })
    expect(calm.gate).toMatchObject({ verdict: 'inconclusive' })
    expect(calm.gate.because).toContain('no fault landed')
    expect(unasked.gate.verdict).toBe('passed')
  })

  it('is inconclusive where the goal could not be looked at', async () => {
    const report = await reportOf((index) => (index === 3 ? { goal: null } : {}))
    expect(report.gate).toMatchObject({ verdict: 'inconclusive', because: 'goal() threw in 1 of 181 trials' })
  })

  it('tells the faults that its trials really met', async () => {
    const facts = factsWith({ budget: { reliability: 0.95, faultRate: 0.3 } })
    const missed = await reportOf((index) => (index % 2 === 0 ? { injections: [] } : { crossings: 8 }), { facts })
    // 90 trials with one fault in eight crossings, 91 with none in two.
    expect(missed.reliability.faultRate).toEqual({
      nominal: 0.3,
      effective: 90 / (90 * 8 + 91 * 2),
      faultless: 91 / 181,
    })
  })
})

describe('the trials of a measured scenario', () => {
  it('each have a seed of their own, a profile in place of a plan, and nothing kept of the trace', async () => {
    const facts = measured()
    const { executor, specs } = executorOf(facts)
    await measure(executor, { seed: 7, trialsMax: 2000 })
    expect(new Set(specs.map(({ seed }) => seed)).size).toBe(181)
    expect(specs).toEqual(
      specs.map((_, index) => ({
        plan: [],
        profile: profileOf(facts.budget),
        seed: trialSeed(7, index),
        detail: 'brief',
      })),
    )
  })

  it('have seeds that no two of many samples share, and that a plan may be replayed with', () => {
    const seeds = [1, 2, 11].flatMap((seed) => Array.from({ length: 2000 }, (_, index) => trialSeed(seed, index)))
    expect(new Set(seeds).size).toBe(6000)
    expect(seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0)).toBe(true)
  })

  it('are those that were published for a seed', () => {
    expect([trialSeed(1, 0), trialSeed(1, 1), trialSeed(2, 0)]).toEqual([
      317661379527480, 8523108934526987, 7743849283578133,
    ])
  })

  it('tell how far they are', async () => {
    const seen: (readonly number[])[] = []
    const violated = { kind: 'violated', signature: 's', story: 's', evidence: [0] } as const
    await reportOf((index) => (index === 1 ? { verdicts: { listed: violated } } : {}), {
      onProgress: (...told) => seen.push(told),
    })
    expect(seen.slice(0, 3)).toEqual([
      [1, 181, 0],
      [2, 181, 1],
      [3, 181, 1],
    ])
  })
})

describe('what is measured', () => {
  it('is a scenario that declares a reliability, and no canary', () => {
    expect(isMeasurable(measured())).toBe(true)
    expect(isMeasurable(factsWith({ budget: {} }))).toBe(false)
    expect(isMeasurable({ ...measured(), canary: 'listed' })).toBe(false)
  })
})
