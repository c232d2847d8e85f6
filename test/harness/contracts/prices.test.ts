/** Proves which price of a list a model has, and that what a trial spent is given in the budget's own prices where it has any. */
import { runTrial } from 'agent-chaos'
import 'agent-chaos/register'
import { describe, expect, it } from 'vitest'
import { priceOf } from '../../../harness/contracts/prices.js'
import refund from '../../../scenarios/refund.chaos.js'

describe('the price of a model', () => {
  const [small, large] = [
    { input: 1, output: 2 },
    { input: 3, output: 4 },
  ]

  it('is that of the longest beginning of its name that is listed', () => {
    const list = { swift: small, 'swift-max': large }
    expect(priceOf('swift-2', list)).toEqual(small)
    expect(priceOf('swift-max-2', list)).toEqual(large)
    expect(priceOf('anything', { '': small })).toEqual(small)
  })

  it('is not known of any other', () => {
    expect(priceOf('slow', { swift: small })).toBeUndefined()
    expect(priceOf('slow')).toBeUndefined()
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
