/** Proves what is said of two samples with the same seeds, by cases that can be counted by hand. */
import { describe, expect, it } from 'vitest'
import { pairsOf } from '../../../harness/measure/pairs.js'

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
