/** Proves the tests and intervals of a comparison against published figures, and against each other. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  differenceInterval,
  differencePValue,
  mcnemar,
  meanDifference,
  type Successes,
} from '../../../harness/measure/difference.js'

const sample = (successes: number, trials: number): Successes => ({ successes, trials })

const someSample = fc
  .integer({ min: 1, max: 400 })
  .chain((trials) => fc.nat(trials).map((successes) => sample(successes, trials)))

describe('the exact test of McNemar', () => {
  it.each([
    // Fay, "Exact McNemar's Test and Matching Confidence Intervals", vignette of the R package exact2x2:
    // mcnemar.exact(matrix(c(21, 9, 2, 12), 2, 2)).
    [2, 9, 0.06543],
    // statsmodels, test_mcnemar_exact, which takes them from VassarStats.
    [121, 59, 0.000004],
    [70, 59, 0.378688],
    [80, 59, 0.089452],
    [30, 60, 0.00206],
    [10, 30, 0.002221],
    [10, 10, 1],
  ])('of %i against %i pairs is %f', (onlyBase, onlyHead, expected) => {
    expect(mcnemar(onlyBase, onlyHead)).toBeCloseTo(expected, 5)
    expect(mcnemar(onlyHead, onlyBase)).toBe(mcnemar(onlyBase, onlyHead))
  })

  it('is 1 where no pair differs, and takes six pairs to one side to be below 0.05', () => {
    expect(mcnemar(0, 0)).toBe(1)
    expect(mcnemar(5, 0)).toBeCloseTo(0.0625, 12)
    expect(mcnemar(6, 0)).toBeCloseTo(0.03125, 12)
  })
})

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

describe('the mean difference within pairs', () => {
  it("has an interval by Student's distribution", () => {
    // Student, "The probable error of a mean", Biometrika 6 (1908) 1-25: the additional hours of sleep of ten patients,
    // as in R: t.test(sleep$extra[1:10] - sleep$extra[11:20]): -1.58, -2.4598858 to -0.7001142.
    const base = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    const head = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    const found = meanDifference(base.map((value, index) => value - (head[index] ?? 0)))
    expect(found?.mean).toBeCloseTo(-1.58, 12)
    expect(found?.low).toBeCloseTo(-2.4598858, 6)
    expect(found?.high).toBeCloseTo(-0.7001142, 6)
  })

  it('is nothing of fewer than two pairs, and certain where all are equal', () => {
    expect([meanDifference([]), meanDifference([3])]).toEqual([null, null])
    expect(meanDifference([0, 0, 0])).toEqual({ mean: 0, low: 0, high: 0 })
  })
})
