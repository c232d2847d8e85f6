/**
 * What a success costs, with an interval by the bootstrap (Efron, 1979). The trials are drawn anew, with replacement,
 * many times over, and the middle 95 % of what comes out is the interval. Of a ratio of two sums that is simpler than
 * any formula. The draws are seeded by the sample itself, so that equal rows give equal figures wherever they are added
 * up.
 */
import type { Budget } from '../contracts/budget.js'
import type { MeasureReport, SpendUnit } from '../contracts/report/report.js'
import type { SampleRow } from '../contracts/report/sample.js'
import { stream } from '../contracts/stream.js'
import { isSuccess } from './outcome.js'
import { costIn } from './spend.js'
import { confidence, quantile } from './statistics.js'

/** Enough for two digits of either end. Of very many trials fewer do, for then the interval is narrow. */
const resamplesMax = 1_000
const resamplesMin = 200
const drawsMax = 20_000_000

/** All that was spent, on failures too, for each success; `null` without one, or where a cost is not known. */
export function costPerSuccess(
  unit: SpendUnit,
  rows: readonly SampleRow[],
  budget: Budget,
): MeasureReport['costPerSuccess'] {
  const costs = rows.map((row) => costIn(unit, row)).filter((cost) => cost !== null)
  const wins = rows.map((row) => (isSuccess(row, budget) ? 1 : 0))
  const value = ratio(sum(costs), sum(wins))
  if (costs.length < rows.length || value === Number.POSITIVE_INFINITY) return { unit, value: null, interval: null }
  const draw = stream(rows[0]?.seed ?? 0, 'bootstrap')
  const resamples = Math.max(resamplesMin, Math.min(resamplesMax, Math.floor(drawsMax / rows.length)))
  const ratios = Array.from({ length: resamples }, () => resample(costs, wins, draw))
  const tail = (1 - confidence) / 2
  const [low, high] = [quantile(ratios, tail), quantile(ratios, 1 - tail)]
  return { unit, value, interval: { low: finite(low), high: finite(high) } }
}

function resample(costs: readonly number[], wins: readonly number[], draw: () => number): number {
  let [cost, won] = [0, 0]
  for (let drawn = 0; drawn < costs.length; drawn++) {
    const index = Math.floor(draw() * costs.length)
    cost += costs[index] ?? 0
    won += wins[index] ?? 0
  }
  return ratio(cost, won)
}

function ratio(cost: number, won: number): number {
  return won === 0 ? Number.POSITIVE_INFINITY : cost / won
}

/** JSON knows no infinity. */
function finite(value: number | null): number | null {
  return value === null || Number.isFinite(value) ? value : null
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
