/** When outcomes must trip a breaker and when they may, where libraries reckon differently. */
import { describe, expect, it } from 'vitest'
import type { RateTest } from '../../../../harness/invariants/breaker/profile.js'
import { type Memory, mayTrip, mustTrip, probesFail } from '../../../../harness/invariants/breaker/trip-test.js'

/** So many failures among so many calls, a failure last. */
function memoryOf(failures: number, calls: number, more: Partial<Memory> = {}): Memory {
  const seen = Array.from({ length: calls }, (_, index) => ({
    index,
    begunAt: index,
    at: index,
    failed: index >= calls - failures,
  }))
  return { seen, fresh: [-1], others: [], ...more }
}

const rate = (more: Partial<RateTest> = {}): RateTest => ({
  kind: 'rate',
  threshold: 0.5,
  comparison: 'gte',
  minimumCalls: 4,
  ...more,
})
const row = { kind: 'consecutive', failures: 3 } as const

const answersOf = (test: RateTest | typeof row, memory: Memory) => ({
  must: mustTrip(test, memory),
  may: mayTrip(test, memory),
})

describe('a breaker', () => {
  it('with a rate trips at its threshold, or above it', () => {
    expect(answersOf(rate(), memoryOf(2, 4))).toEqual({ must: true, may: true })
    expect(answersOf(rate({ comparison: 'gt' }), memoryOf(2, 4))).toEqual({ must: false, may: false })
    expect(answersOf(rate({ comparison: 'gt' }), memoryOf(3, 5))).toEqual({ must: true, may: true })
    expect(answersOf(rate(), memoryOf(1, 4))).toEqual({ must: false, may: false })
    expect(answersOf(rate(), memoryOf(3, 3))).toEqual({ must: false, may: false })
  })

  it('may trip and need not where libraries reckon a share differently in its last bit', () => {
    // 0.28 · 25 is a little more than 7, and 7 / 25 is 0.28.
    expect(answersOf(rate({ threshold: 0.28 }), memoryOf(7, 25))).toEqual({ must: false, may: true })
    expect(answersOf(rate({ threshold: 0.28 }), memoryOf(8, 25))).toEqual({ must: true, may: true })
  })

  it('with a rate that may have counted something before is sure of nothing, and one with a row of its last calls', () => {
    expect(answersOf(rate(), memoryOf(1, 4, { older: true }))).toEqual({ must: false, may: true })
    expect(answersOf(rate(), memoryOf(4, 4, { older: true }))).toEqual({ must: false, may: true })
    expect(answersOf(row, memoryOf(3, 4, { older: true }))).toEqual({ must: true, may: true })
    expect(answersOf(row, memoryOf(2, 4, { older: true }))).toEqual({ must: false, may: false })
    expect(answersOf(row, memoryOf(2, 2, { older: true }))).toEqual({ must: false, may: true })
  })

  it('forgets what lies before its window, unless it is known to keep stale counts', () => {
    const at = (times: readonly number[]): Memory => ({
      ...memoryOf(4, 4),
      seen: times.map((time, index) => ({ index, begunAt: time, at: time, failed: true })),
    })
    const inWindow = (more: Partial<RateTest> = {}) => rate({ windowMs: 10, bucketMs: 1, ...more })
    expect(answersOf(inWindow(), at([94, 96, 98, 100]))).toEqual({ must: true, may: true })
    expect(answersOf(inWindow(), at([0, 1, 2, 100]))).toEqual({ must: false, may: false })
    expect(answersOf(inWindow({ staleBuckets: true }), at([0, 1, 2, 100]))).toEqual({ must: false, may: true })
  })

  it('of which nothing was seen trips not', () => {
    expect(mustTrip(rate(), memoryOf(0, 0))).toBe(false)
    expect(mustTrip(row, memoryOf(0, 0))).toBe(false)
  })

  it('fails its probes by one failure where it counts a row, and by their rate without a minimum', () => {
    expect([probesFail(row, memoryOf(1, 3).seen), probesFail(row, memoryOf(0, 3).seen)]).toEqual([true, false])
    expect([probesFail(rate(), memoryOf(1, 3).seen), probesFail(rate(), memoryOf(2, 3).seen)]).toEqual([false, true])
  })
})
