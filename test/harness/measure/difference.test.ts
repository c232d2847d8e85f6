/** Proves the interval and the test on a difference against published figures, and against each other. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differenceInterval, differencePValue, type Successes } from '../../../harness/measure/difference.js'

const sample = (successes: number, trials: number): Successes => ({ successes, trials })

const someSample = fc
  .integer({ min: 1, max: 400 })
  .chain((trials) => fc.nat(trials).map((successes) => sample(successes, trials)))

describe("the interval on a difference by Newcombe's method 10", () => {
  it.each([
    // Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10, contrasts (a) to (h).
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('of %i/%i less %i/%i', (a, m, b, n, low, high) => {
    const found = differenceInterval(sample(b, n), sample(a, m))
    expect(found.low).toBeCloseTo(low, 4)
    expect(found.high).toBeCloseTo(high, 4)
  })

  it('turns around where the samples change places, and holds the difference', () => {
    fc.assert(
      fc.property(someSample, someSample, (base, head) => {
        const [there, back] = [differenceInterval(base, head), differenceInterval(head, base)]
        expect(there.low).toBeCloseTo(-back.high, 12)
        expect(there.high).toBeCloseTo(-back.low, 12)
        const difference = head.successes / head.trials - base.successes / base.trials
        expect(there.low).toBeLessThanOrEqual(difference)
        expect(there.high).toBeGreaterThanOrEqual(difference)
        expect([there.low >= -1 - 1e-12, there.high <= 1 + 1e-12]).toEqual([true, true])
      }),
    )
  })

  it('leaves out 0 exactly where its p-value is below 0.05', () => {
    fc.assert(
      fc.property(someSample, someSample, (base, head) => {
        const { low, high } = differenceInterval(base, head)
        const pValue = differencePValue(base, head)
        fc.pre(Math.abs(pValue - 0.05) > 1e-9)
        expect(pValue < 0.05).toBe(low > 0 || high < 0)
        expect(pValue).toBeCloseTo(differencePValue(head, base), 9)
      }),
    )
  })

  it('has a p-value of 1 for equal shares, and hardly any for the greatest difference', () => {
    expect(differencePValue(sample(5, 10), sample(50, 100))).toBe(1)
    expect(differencePValue(sample(1000, 1000), sample(0, 1000))).toBeLessThan(1e-100)
  })
})
