/**
 * Reliability against budget: for each spend b, the share of trials that succeeded for b or less. A failed trial costs
 * without end, so the curve ends at the share of successes and not at 1.
 */
import type { Budget } from '../budget.js'
import type { BudgetCurve } from '../report.js'
import type { SampleRow } from '../sample.js'
import { costIn, unitOf } from './spend.js'
import { bandHalfWidth } from './statistics.js'

/** One point for each cost at which the curve rises; to the left of the first it is 0. */
export function curveOf(trials: readonly SampleRow[], budget: Budget, target: number): BudgetCurve {
  const unit = unitOf(trials, budget.spend)
  const costs = trials
    .filter(({ outcome }) => outcome === 'success')
    .map((trial) => costIn(unit, trial) ?? Number.POSITIVE_INFINITY)
    .sort((left, right) => left - right)
  const points = costs.flatMap((spend, index) =>
    costs[index + 1] === spend ? [] : [{ spend, share: (index + 1) / trials.length }],
  )
  const corner = { spend: budget.spend?.[unit] ?? null, share: target }
  return { unit, points, band: bandHalfWidth(trials.length), corner }
}
