/** Proves what each way to end a trial counts as, and what trials cost. */
import { describe, expect, it } from 'vitest'
import { costPerSuccess } from '../../../harness/measure/cost.js'
import { isSuccess, outcomeOf, outcomesOf, rowOf } from '../../../harness/measure/outcome.js'
import { spendSummary, unitOf } from '../../../harness/measure/spend.js'
import { noOutcomes, rowWith, spending, times, trialOf } from '../../support/measure/samples.js'

const limits = { usd: 0.25, turns: 10 }
const end = { kind: 'returned' } as const

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
    expect(outcomeOf({ claim, goal, spend: spending(), end }, { spend: limits })).toBe(outcome)
  })

  it.each([
    ['it got no processor', { kind: 'killed', why: 'starved' }, 'cutShort'],
    ['nothing tells why it took so long', { kind: 'killed', why: 'unknown' }, 'cutShort'],
    ['real work was still in flight', { kind: 'stuck', resources: ['TCPSocketWrap'] }, 'cutShort'],
    ['it never gave the processor back', { kind: 'killed', why: 'unresponsive' }, 'noAnswer'],
    ['it took too much memory', { kind: 'killed', why: 'memory' }, 'noAnswer'],
    ['it waits for what never comes', { kind: 'deadlock' }, 'noAnswer'],
  ] as const)('that never answered, because %s: %j is %s', (_why, ended, outcome) => {
    const facts = { claim: null, goal: false, spend: spending(), end: ended }
    expect(outcomeOf(facts, { spend: limits })).toBe(outcome)
  })

  it('is no success where any limit was exceeded, and is one at the limit itself', () => {
    const success = { claim: 'success', goal: true, end } as const
    expect(outcomeOf({ ...success, spend: spending({ turns: 11 }) }, { spend: limits })).toBe('overBudget')
    expect(outcomeOf({ ...success, spend: spending({ usd: 0.26 }) }, { spend: limits })).toBe('overBudget')
    expect(outcomeOf({ ...success, spend: spending({ turns: 10, usd: 0.25 }) }, { spend: limits })).toBe('success')
    expect(outcomeOf({ ...success, spend: spending({ usd: 99 }) }, {})).toBe('success')
  })

  it('may be a roll-back that reached the goal, where the budget says so', () => {
    const back = { claim: 'rolled-back', goal: true, spend: spending(), end } as const
    expect(outcomeOf(back, { spend: limits })).toBe('unacknowledgedSuccess')
    expect(outcomeOf(back, { spend: limits, rolledBackCountsAs: 'success' })).toBe('success')
    expect(outcomeOf({ ...back, goal: false }, { rolledBackCountsAs: 'success' })).toBe('honestFailure')
    expect(outcomeOf({ ...back, claim: 'failure' }, { rolledBackCountsAs: 'success' })).toBe('unacknowledgedSuccess')
  })

  it('is a failure first and dear second', () => {
    const dear = spending({ turns: 11 })
    expect(outcomeOf({ claim: 'success', goal: false, spend: dear, end }, { spend: limits })).toBe('inventedSuccess')
    expect(outcomeOf({ claim: 'failure', goal: false, spend: dear, end }, { spend: limits })).toBe('honestFailure')
  })

  it('is counted once for each trial', () => {
    const rows = [rowWith(), rowWith(), rowWith({ claim: 'failure', goal: false }), rowWith({ claim: null })]
    expect(outcomesOf(rows)).toEqual({ ...noOutcomes, success: 2, honestFailure: 1, noAnswer: 1 })
  })
})

describe('what is kept of a trial', () => {
  it('is its number, its seed, what it came to, what it spent, and how many of its crossings were struck', () => {
    expect(rowOf(7, trialOf({ crossings: 5, landed: 3 }), { spend: limits })).toEqual({
      number: 7,
      seed: 1,
      outcome: 'success',
      spend: spending(),
      killed: false,
      crossings: 5,
      landed: 3,
    })
    expect(rowWith({ claim: null, end: { kind: 'killed', why: 'memory' } })).toMatchObject({ killed: true })
  })
})

describe('a trial that counts as a success', () => {
  const degraded = rowWith({ claim: 'degraded' })

  it('is one that succeeded, within the spend limit that applies', () => {
    const dear = rowWith({ spend: spending({ turns: 11 }) })
    expect(isSuccess(rowWith(), { spend: limits })).toBe(true)
    expect(isSuccess(rowWith({ goal: false }), { spend: limits })).toBe(false)
    expect([isSuccess(dear, { spend: limits }), isSuccess(dear, { spend: { usd: 0.25 } })]).toEqual([false, true])
  })

  it('may be one in which only a part was done, where the budget says so, and within the spend', () => {
    const counting = { spend: limits, degradedCountsAs: 'success' } as const
    expect(isSuccess(degraded, { spend: limits })).toBe(false)
    expect(isSuccess(degraded, { spend: limits, degradedCountsAs: 'failure' })).toBe(false)
    expect(isSuccess(degraded, counting)).toBe(true)
    expect(isSuccess(rowWith({ claim: 'degraded', spend: spending({ usd: 1 }) }), counting)).toBe(false)
    for (const outcome of [{ claim: 'failure', goal: true }, { claim: null }, { goal: null }] as const) {
      expect(isSuccess(rowWith(outcome), counting)).toBe(false)
    }
  })
})

describe('the unit that reliability is drawn against', () => {
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

  it('is told in tool calls, and in tokens in and out', () => {
    const rows = [1, 2, 3].map((count) =>
      rowWith({ spend: spending({ toolCalls: count, inputTokens: 100 * count, outputTokens: 10 * count }) }),
    )
    expect(spendSummary(rows)).toMatchObject({
      toolCalls: { median: 2, p95: 3 },
      inputTokens: { median: 200, p95: 300 },
      outputTokens: { median: 20, p95: 30 },
      tokens: { median: 220, p95: 330 },
    })
  })
})

describe('the cost of a success', () => {
  const spends = [1, 2, 3, 4].map((turns) => rowWith({ spend: spending({ turns, usd: turns / 100 }) }))
  const failure = rowWith({ claim: 'failure', goal: false, spend: spending({ usd: 0.1 }) })
  const budget = { spend: limits }

  it('is all that was spent, on failures too, borne by the successes alone', () => {
    expect(costPerSuccess('usd', [...spends, failure], budget).value).toBeCloseTo(0.2 / 4)
  })

  it('is not known without a success, or where a trial has no price', () => {
    const unknown = { unit: 'usd', value: null, interval: null }
    expect(costPerSuccess('usd', [failure], budget)).toEqual(unknown)
    expect(costPerSuccess('usd', [...spends, rowWith({ spend: spending({ usd: null }) })], budget)).toEqual(unknown)
  })

  it('is told with an interval that is the same for the same rows, and narrower for more of them', () => {
    const rows = (count: number) =>
      times(count, (index) => (index % 5 === 0 ? failure : (spends[index % 4] ?? failure)))
    const [few, many] = [costPerSuccess('usd', rows(40), budget), costPerSuccess('usd', rows(1_000), budget)]
    expect(costPerSuccess('usd', rows(40), budget)).toEqual(few)
    for (const { value, interval } of [few, many]) {
      expect(interval?.low).toBeLessThan(value ?? 0)
      expect(interval?.high).toBeGreaterThan(value ?? 1)
    }
    const width = ({ interval }: typeof few) => (interval?.high ?? 1) - (interval?.low ?? 0)
    expect(width(many)).toBeLessThan(width(few) / 3)
  })

  it('has no end where by chance there might have been no success at all', () => {
    const { interval } = costPerSuccess('usd', [...times(9, () => failure), rowWith()], budget)
    expect(interval?.high).toBeNull()
    expect(interval?.low).toBeGreaterThan(0)
  })

  it('is that of a degraded answer too, where that counts', () => {
    const half = rowWith({ claim: 'degraded', spend: spending({ usd: 0.02 }) })
    expect(costPerSuccess('usd', [half], budget).value).toBeNull()
    expect(costPerSuccess('usd', [half], { ...budget, degradedCountsAs: 'success' }).value).toBe(0.02)
  })
})
