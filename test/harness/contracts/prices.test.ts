/** Proves which price a model has, and that what a trial spent is told in the budget's own prices where it has any. */
import { runTrial } from 'agent-chaos'
import 'agent-chaos/register'
import { describe, expect, it } from 'vitest'
import { listPricesAsOf, priceOf } from '../../../harness/contracts/prices.js'
import refund from '../../../scenarios/refund.chaos.js'

describe('the price of a model', () => {
  it('is that of the longest beginning of its name that is listed', () => {
    expect(priceOf('claude-opus-5-5')).toEqual({ input: 5, output: 25 })
    expect(priceOf('claude-opus-4-1-20250805')).toEqual({ input: 15, output: 75 })
    expect(priceOf('claude-3-5-haiku-latest')).toEqual({ input: 0.8, output: 4 })
  })

  it('is not known of any other', () => {
    expect(priceOf('somebody-elses-model')).toBeUndefined()
  })

  it("is the budget's own before the list's, however it is named", () => {
    const mine = { input: 1, output: 2 }
    expect(priceOf('claude-opus-5-5', { claude: mine })).toEqual(mine)
    expect(priceOf('claude-opus-5-5', { 'claude-sonnet': mine })).toEqual({ input: 5, output: 25 })
    expect(priceOf('anything', { '': mine })).toEqual(mine)
  })

  it('is of a day that is stated', () => {
    expect(new Date(`${listPricesAsOf}T00:00:00Z`).toISOString().slice(0, 10)).toBe(listPricesAsOf)
  })
})

describe('what a trial spent', () => {
  it("is told in the budget's own prices", async () => {
    const { trace } = await runTrial(refund)
    const prices = { 'claude-': { input: 1_000_000, output: 0 } }
    const dear = await runTrial({ ...refund, budget: { ...refund.budget, prices } })
    expect(trace.spend.usd).toBeGreaterThan(0)
    expect(dear.trace.spend).toEqual({ ...trace.spend, usd: trace.spend.inputTokens })
  })
})
