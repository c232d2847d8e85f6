/**
 * The error budget, as site reliability engineering has it: the share of trials that may fail, and how much of that did.
 * Nothing is clamped: a budget is overspent as far as it is overspent.
 */
import type { MeasureReport } from '../contracts/report/report.js'
import type { Interval } from './statistics.js'

/** Burn rates at which alerts over two windows usually go off: on an hour, six hours, a day and three days of 30 days. */
const alertFactors = [14.4, 6, 3, 1] as const

/** What a sample has consumed of the error budget of `target`; `reliability` is what is known of it. */
export function errorBudget(
  target: number,
  successes: number,
  trials: number,
  reliability: Interval,
): MeasureReport['errorBudget'] {
  const allowed = withoutCrumbs(1 - target)
  const consumed = trials === 0 ? null : (trials - successes) / trials / allowed
  const interval = { low: (1 - reliability.high) / allowed, high: (1 - reliability.low) / allowed }
  const burnRateMax = withoutCrumbs(1 / allowed)
  return {
    allowed,
    consumed,
    interval,
    left: consumed === null ? null : 1 - consumed,
    leftInterval: { low: 1 - interval.high, high: 1 - interval.low },
    // The trials of one run are one window, so it burns what it consumes.
    burnRate: consumed,
    burnRateMax,
    alertsOutOfReach: alertFactors.filter((factor) => factor > burnRateMax),
  }
}

/** 0.05 and not 0.050000000000000044. */
function withoutCrumbs(value: number): number {
  return Number(value.toPrecision(12))
}
