/** Proves what a curve of reliability against budget promises, whatever the trials came to. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { curveOf, curvesOf } from '../../../harness/measure/curve.js'
import { isSuccess } from '../../../harness/measure/outcome.js'
import { rowWith, spending, times } from '../../support/measure/samples.js'

const budget = { reliability: 0.9, spend: { usd: 0.25, turns: 10 } }
const band = 0.05

const rows = fc.array(
  fc
    .record({
      claim: fc.constantFrom('success', 'success', 'success', 'failure', null),
      goal: fc.constantFrom(true, true, false),
      usd: fc.nat(40).map((cents) => cents / 100),
      turns: fc.integer({ min: 1, max: 12 }),
    })
    .map(({ claim, goal, usd, turns }) => rowWith({ claim, goal, spend: spending({ usd, turns }) })),
  { minLength: 1, maxLength: 60 },
)

describe('the budget curve', () => {
  it('rises with the spend, strictly, up to the share of trials that succeed if money is no object', () => {
    fc.assert(
      fc.property(rows, (sample) => {
        const { points } = curveOf('usd', sample, budget, band)
        for (const [index, { spend, share }] of points.entries()) {
          expect(spend).toBeGreaterThan(points[index - 1]?.spend ?? -1)
          expect(share).toBeGreaterThan(points[index - 1]?.share ?? 0)
        }
        const rich = sample.filter((row) => isSuccess(row, { spend: { turns: 10 } }))
        expect(points.at(-1)?.share ?? 0).toBeCloseTo(rich.length / sample.length, 12)
      }),
    )
  })

  it('says at each point what share of the trials succeeds with that much as the limit', () => {
    fc.assert(
      fc.property(rows, (sample) => {
        for (const { spend, share } of curveOf('usd', sample, budget, band).points) {
          const within = sample.filter((row) => isSuccess(row, { spend: { turns: 10, usd: spend } }))
          expect(within.length / sample.length).toBeCloseTo(share, 12)
        }
      }),
    )
  })

  it('is the reliability at the budget itself, in whatever unit it is drawn', () => {
    fc.assert(
      fc.property(rows, (sample) => {
        const reliability = sample.filter((row) => isSuccess(row, budget)).length / sample.length
        for (const { points, corner, unit } of curvesOf(sample, budget, band)) {
          const limit = corner.spend ?? Number.POSITIVE_INFINITY
          const share = points.findLast(({ spend }) => spend <= limit)?.share ?? 0
          expect([unit, Math.abs(share - reliability) < 1e-12]).toEqual([unit, true])
        }
      }),
    )
  })

  it('is drawn against every unit that is known of all trials', () => {
    const units = (sample: Parameters<typeof curvesOf>[0]) => curvesOf(sample, budget, band).map(({ unit }) => unit)
    expect(units([rowWith()])).toEqual(['usd', 'tokens', 'turns', 'seconds'])
    expect(units([rowWith(), rowWith({ spend: spending({ usd: null }) })])).toEqual(['tokens', 'turns', 'seconds'])
  })

  it('marks the corner of the budget, in the unit that it is drawn in', () => {
    const sample = [rowWith({ spend: spending({ turns: 3 }) })]
    expect(curveOf('turns', sample, budget, band)).toMatchObject({
      unit: 'turns',
      points: [{ spend: 3, share: 1 }],
      band,
      corner: { spend: 10, share: 0.9 },
    })
    expect(curveOf('tokens', sample, budget, band).corner).toEqual({ spend: null, share: 0.9 })
  })

  it('names the least spend for which the target holds, as it is seen and with confidence', () => {
    const sample = [...times(93, (index) => (index < 91 ? 1 : 2)), 3, 4, 5, 6, 7, 8, 9].map((turns) =>
      rowWith({ spend: spending({ turns }) }),
    )
    expect(curveOf('turns', sample, budget, 0.045).cheapest).toEqual({ estimate: 1, confident: 4 })
    expect(curveOf('turns', sample, budget, 0.2).cheapest).toEqual({ estimate: 1, confident: null })
    const never = { ...budget, reliability: 0.999 }
    expect(curveOf('turns', [...sample, rowWith({ goal: false })], never, 0).cheapest).toEqual({
      estimate: null,
      confident: null,
    })
  })

  it('counts a degraded answer where the budget does', () => {
    const sample = [rowWith({ claim: 'degraded' }), rowWith()]
    expect(curveOf('turns', sample, budget, band).points).toEqual([{ spend: 2, share: 0.5 }])
    const counting = { ...budget, degradedCountsAs: 'success' } as const
    expect(curveOf('turns', sample, counting, band).points).toEqual([{ spend: 2, share: 1 }])
  })
})
