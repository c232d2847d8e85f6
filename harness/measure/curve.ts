/**
 * Reliability against budget: for each spend b, the share of trials that succeed for b or less. A failed trial costs
 * without end, so the curve ends at the share of successes and not at 1. The limit on the spend that it is drawn
 * against is left aside, and every other one holds. So it shows what a smaller or a larger budget would do, and at the
 * budget itself it is the reliability.
 */
import type { Budget } from '../contracts/budget.js'
import type { BudgetCurve, SpendUnit } from '../contracts/report/report.js'
import type { SampleRow } from '../contracts/report/sample.js'
import { isSuccess } from './outcome.js'
import { costIn, isKnown, spendUnits } from './spend.js'

/**
 * One point for each cost at which the curve rises; to the left of the first it is 0. `band` is half the width of a band
 * that holds the whole curve.
 */
export function curveOf(unit: SpendUnit, rows: readonly SampleRow[], budget: Budget, band: number): BudgetCurve {
  const { [unit]: limit, ...others } = budget.spend ?? {}
  const costs = rows
    .filter((row) => isSuccess(row, { ...budget, spend: others }))
    .map((row) => costIn(unit, row) ?? Number.POSITIVE_INFINITY)
    .sort((left, right) => left - right)
  const points = costs.flatMap((spend, index) =>
    costs[index + 1] === spend ? [] : [{ spend, share: (index + 1) / rows.length }],
  )
  const target = budget.reliability ?? 0
  const cheapest = (margin: number) => points.find(({ share }) => share - margin >= target)?.spend ?? null
  return {
    unit,
    points,
    band,
    corner: { spend: limit ?? null, share: target },
    cheapest: { estimate: cheapest(0), confident: cheapest(band) },
  }
}

/** Against each unit that is known of every trial. */
export function curvesOf(rows: readonly SampleRow[], budget: Budget, band: number): BudgetCurve[] {
  return spendUnits.filter((unit) => isKnown(unit, rows)).map((unit) => curveOf(unit, rows, budget, band))
}
