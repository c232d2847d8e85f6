/** Proves that many tests at once give a false alarm no more often than one. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stream } from '../../../harness/contracts/stream.js'
import { holm } from '../../../harness/measure/holm.js'

const rejectionsOf = (pValues: readonly number[], alpha = 0.05) => holm(pValues, alpha).map((each) => each.rejected)

describe("Holm's procedure", () => {
  it('holds the smallest of m against alpha/m, the next against alpha/(m - 1), until one is too large', () => {
    expect(rejectionsOf([0.01, 0.04, 0.03, 0.005])).toEqual([true, false, false, true])
    expect(rejectionsOf([0.02, 0.02])).toEqual([true, true])
    expect(holm([0.01, 0.04, 0.03, 0.005], 0.05).map(({ level }) => Number(level.toFixed(4)))).toEqual([
      0.0167, 0.05, 0.025, 0.0125,
    ])
  })

  it('leaves one test as it is, and none', () => {
    expect([rejectionsOf([0.05]), rejectionsOf([0.051]), rejectionsOf([])]).toEqual([[true], [false], []])
  })

  it('rejects whatever dividing the risk evenly does, and does not depend on the order', () => {
    const pValues = fc.array(fc.double({ min: 0, max: 0.2, noNaN: true }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(pValues, (values) => {
        const found = rejectionsOf(values)
        for (const [index, value] of values.entries()) {
          if (value <= 0.05 / values.length) expect(found[index]).toBe(true)
          if (value > 0.05) expect(found[index]).toBe(false)
        }
        expect([...rejectionsOf([...values].reverse())].reverse()).toEqual(found)
      }),
    )
  })

  const runs = 20_000
  const draw = stream(1, 'twenty gates')
  const [alone, together] = [0, 0].map((_, way) => {
    let red = 0
    for (let run = 0; run < runs; run++) {
      const pValues = Array.from({ length: 20 }, draw)
      if (way === 0 ? pValues.some((value) => value <= 0.05) : rejectionsOf(pValues).includes(true)) red++
    }
    return red / runs
  })

  it(`turns ${together} of ${runs} runs of twenty good gates red, where each by itself turns ${alone} of them red`, () => {
    expect(1 - 0.95 ** 20).toBeCloseTo(0.642, 3)
    expect(Math.abs((alone ?? 0) - 0.642)).toBeLessThan(0.015)
    expect(together).toBeLessThanOrEqual(0.055)
    expect(together).toBeGreaterThan(0.04)
  })
})
