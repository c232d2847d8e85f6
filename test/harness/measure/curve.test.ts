/** Proves what a curve of reliability against budget promises, whatever the trials came to. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { curveOf } from '../../../harness/measure/curve.js'
import { outcomesOf } from '../../../harness/measure/outcome.js'
import { rowWith, spending } from './samples.js'

const budget = { reliability: 0.9, spend: { usd: 0.25, turns: 10 } }

const trials = fc.array(
  fc
    .record({
      claim: fc.constantFrom('success', 'success', 'success', 'failure', null),
      goal: fc.constantFrom(true, true, false),
      usd: fc.nat(40).map((cents) => cents / 100),
    })
    .map(({ claim, goal, usd }) => rowWith({ claim, goal, spend: spending({ usd }) })),
  { minLength: 1, maxLength: 60 },
)

describe('the budget curve', () => {
  it('rises with the spend, strictly, up to the share of successes', () => {
    fc.assert(
      fc.property(trials, (rows) => {
        const { points } = curveOf(rows, budget, 0.9)
        for (const [index, { spend, share }] of points.entries()) {
          expect(spend).toBeGreaterThan(points[index - 1]?.spend ?? -1)
          expect(share).toBeGreaterThan(points[index - 1]?.share ?? 0)
        }
        const { success } = outcomesOf(rows)
        expect(points.at(-1)?.share ?? 0).toBeCloseTo(success / rows.length, 12)
      }),
    )
  })

  it('says at each point what share of the trials succeeded for that much', () => {
    fc.assert(
      fc.property(trials, (rows) => {
        for (const { spend, share } of curveOf(rows, budget, 0.9).points) {
          const cheaper = rows.filter((row) => (row.spend.usd ?? 0) <= spend)
          expect(outcomesOf(cheaper).success / rows.length).toBeCloseTo(share, 12)
        }
      }),
    )
  })

  it('never rises beyond the budget, for what cost more is no success', () => {
    fc.assert(
      fc.property(trials, (rows) => {
        const { points } = curveOf(rows, budget, 0.9)
        expect(points.every(({ spend }) => spend <= budget.spend.usd)).toBe(true)
      }),
    )
  })

  it('marks the corner of the budget, in the unit that it is drawn in', () => {
    const rows = [rowWith({ spend: spending({ usd: null, turns: 3 }) })]
    expect(curveOf(rows, budget, 0.9)).toMatchObject({
      unit: 'turns',
      points: [{ spend: 3, share: 1 }],
      corner: { spend: 10, share: 0.9 },
    })
    expect(curveOf(rows, {}, 0.9).corner).toEqual({ spend: null, share: 0.9 })
  })
})
