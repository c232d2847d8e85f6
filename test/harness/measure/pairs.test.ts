/** Proves what is said of two samples with the same seeds, by cases that can be counted by hand and published ones. */
import { describe, expect, it } from 'vitest'
import { mcnemar, meanDifference, pairsOf } from '../../../harness/measure/pairs.js'

/** Pairs of which so many are lost, won, succeed twice and fail twice. */
function pairs(lost: number, gained: number, both: number, neither: number) {
  const of = (count: number, success: boolean) => Array.from({ length: count }, () => success)
  const first = [...of(lost, true), ...of(gained, false), ...of(both, true), ...of(neither, false)]
  const second = [...of(lost, false), ...of(gained, true), ...of(both, true), ...of(neither, false)]
  return pairsOf(first, second)
}

describe('two samples with the same seeds', () => {
  it('differ by the pairs of which one alone succeeded', () => {
    expect(pairs(10, 2, 80, 8)).toMatchObject({ pairs: 100, lost: 10, gained: 2, difference: -0.08 })
  })

  it('differ by chance as often as a fair coin falls as unevenly', () => {
    // 2 · (C(12, 10) + C(12, 11) + C(12, 12)) / 2^12
    expect(pairs(10, 2, 80, 8).pValue).toBeCloseTo((2 * (66 + 12 + 1)) / 4096, 12)
    expect(pairs(2, 10, 80, 8).pValue).toBe(pairs(10, 2, 80, 8).pValue)
    expect([pairs(0, 0, 5, 5).pValue, pairs(3, 3, 9, 9).pValue]).toEqual([1, 1])
  })

  it('have an interval around the difference, by the formula with half a pair added to each case', () => {
    const { interval } = pairs(10, 2, 80, 8)
    const [lost, gained] = [10.5 / 102, 2.5 / 102]
    const half = 1.959963984540054 * Math.sqrt((lost + gained - (gained - lost) ** 2) / 102)
    expect(interval.low).toBeCloseTo(gained - lost - half, 12)
    expect(interval.high).toBeCloseTo(gained - lost + half, 12)
  })

  it('are compared as far as both go, and stay within what a difference can be', () => {
    expect(pairsOf([true, true, false], [true])).toMatchObject({ pairs: 1, lost: 0, gained: 0 })
    expect(pairsOf([], [])).toMatchObject({ pairs: 0, difference: 0, pValue: 1 })
    expect(pairsOf([true], [false]).interval.low).toBeGreaterThanOrEqual(-1)
  })
})

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
