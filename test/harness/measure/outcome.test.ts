/** Proves what each way to end a trial counts as, and what trials cost. */
import { describe, expect, it } from 'vitest'
import { outcomeOf, outcomesOf } from '../../../harness/measure/outcome.js'
import { costPerSuccess, spendSummary, unitOf } from '../../../harness/measure/spend.js'
import { noOutcomes, rowWith, spending } from './samples.js'

const limits = { usd: 0.25, turns: 10 }

describe('the outcome of a trial', () => {
  it.each([
    ['success', true, 'success'],
    ['success', false, 'inventedSuccess'],
    ['degraded', true, 'degraded'],
    ['degraded', false, 'degraded'],
    ['failure', false, 'honestFailure'],
    ['failure', true, 'unacknowledgedSuccess'],
    ['rolled-back', false, 'honestFailure'],
    ['rolled-back', true, 'unacknowledgedSuccess'],
    [null, true, 'noAnswer'],
    [null, null, 'noAnswer'],
    ['success', null, 'goalUnknown'],
    ['failure', null, 'goalUnknown'],
  ] as const)('that claims %s with the goal reached: %s is %s', (claim, goal, outcome) => {
    expect(outcomeOf({ claim, goal, spend: spending() }, limits)).toBe(outcome)
  })

  it('is no success where any limit was exceeded, and is one at the limit itself', () => {
    const success = { claim: 'success', goal: true } as const
    expect(outcomeOf({ ...success, spend: spending({ turns: 11 }) }, limits)).toBe('overBudget')
    expect(outcomeOf({ ...success, spend: spending({ usd: 0.26 }) }, limits)).toBe('overBudget')
    expect(outcomeOf({ ...success, spend: spending({ turns: 10, usd: 0.25 }) }, limits)).toBe('success')
    expect(outcomeOf({ ...success, spend: spending({ usd: 99 }) }, undefined)).toBe('success')
  })

  it('is a failure first and dear second', () => {
    const dear = spending({ turns: 11 })
    expect(outcomeOf({ claim: 'success', goal: false, spend: dear }, limits)).toBe('inventedSuccess')
    expect(outcomeOf({ claim: 'failure', goal: false, spend: dear }, limits)).toBe('honestFailure')
  })

  it('is counted once for each trial', () => {
    const trials = [rowWith(), rowWith(), rowWith({ claim: 'failure', goal: false }), rowWith({ claim: null })]
    expect(outcomesOf(trials)).toEqual({ ...noOutcomes, success: 2, honestFailure: 1, noAnswer: 1 })
  })
})

describe('the unit that reliability is held against', () => {
  const unpriced = rowWith({ spend: spending({ usd: null }) })

  it.each([
    [{ usd: 1, tokens: 1, turns: 1, seconds: 1 }, 'usd'],
    [{ tokens: 1, turns: 1, seconds: 1 }, 'tokens'],
    [{ turns: 1, seconds: 1 }, 'turns'],
    [{ seconds: 1 }, 'seconds'],
    [{}, 'usd'],
  ] as const)('of the limits %j is %s', (spend, unit) => {
    expect(unitOf([rowWith()], spend)).toBe(unit)
  })

  it('is not dollars where a trial has no price', () => {
    expect(unitOf([rowWith(), unpriced], { usd: 1, turns: 1 })).toBe('turns')
    expect(unitOf([rowWith(), unpriced], {})).toBe('tokens')
  })
})

describe('what trials cost', () => {
  const spends = [1, 2, 3, 4].map((turns) => rowWith({ spend: spending({ turns, usd: turns / 100 }) }))

  it('is told as median and 95th percentile, of failures too', () => {
    const failure = rowWith({ claim: 'failure', goal: false, spend: spending({ turns: 9 }) })
    expect(spendSummary([...spends, failure]).turns).toEqual({ median: 3, p95: 9 })
    expect(spendSummary(spends)).toMatchObject({
      modelCalls: { median: 3, p95: 3 },
      tokens: { median: 1000, p95: 1000 },
      usd: { median: 0.02, p95: 0.04 },
      seconds: { median: 1.5, p95: 1.5 },
    })
  })

  it('leaves out trials whose spend went with their process', () => {
    const killed = rowWith({ claim: null, end: { kind: 'killed', why: 'memory' }, spend: spending({ turns: 0 }) })
    expect(spendSummary([killed, ...spends]).turns.median).toBe(2)
  })

  it('is not told in dollars where a trial has no price', () => {
    expect(spendSummary([...spends, rowWith({ spend: spending({ usd: null }) })]).usd).toEqual({
      median: null,
      p95: null,
    })
  })

  it('is borne by the successes alone', () => {
    const failure = rowWith({ claim: 'failure', goal: false, spend: spending({ usd: 0.1 }) })
    expect(costPerSuccess('usd', [...spends, failure])).toBeCloseTo(0.2 / 4)
    expect(costPerSuccess('usd', [failure])).toBeNull()
  })
})
