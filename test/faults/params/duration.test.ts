/** Durations are exact in both directions, since a plan is replayed to the millisecond. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { durationUnits, encodeDuration, isDurationUnit, parseDuration } from '../../../faults/params/duration.js'

describe('durations', () => {
  it('print in the largest unit that divides them', () => {
    expect([0, 1, 1500, 90_000, 60_000, 3_600_000].map(encodeDuration)).toEqual([
      '0s',
      '1ms',
      '1500ms',
      '90s',
      '1m',
      '1h',
    ])
  })

  it('read back as they were printed', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.maxSafeNat(),
          fc.nat(5000).map((seconds) => seconds * 1000),
        ),
        (ms) => {
          const [, decimal = '', unit = ''] = /^(\d+)(\w+)$/.exec(encodeDuration(ms)) ?? []
          expect(isDurationUnit(unit) && parseDuration(decimal, unit)).toBe(ms)
        },
      ),
    )
  })

  it('read decimals without rounding', () => {
    expect(parseDuration('1.001', 's')).toBe(1001)
    expect(parseDuration('0.0000025', 'h')).toBe(9)
    expect(parseDuration('1.50', 'm')).toBe(90_000)
  })

  it('have no value where they are not whole milliseconds or too many', () => {
    expect(parseDuration('0.5', 'ms')).toBeUndefined()
    expect(parseDuration('0.00000001', 'h')).toBeUndefined()
    expect(parseDuration('9007199254740992', 'ms')).toBeUndefined()
    expect(parseDuration('9'.repeat(400), 'h')).toBeUndefined()
  })

  it('know their units and nothing else', () => {
    expect(durationUnits.every(isDurationUnit)).toBe(true)
    expect(isDurationUnit('toString')).toBe(false)
  })
})
