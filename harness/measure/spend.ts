/**
 * What trials cost, one unit at a time. Apart from the outcomes because a cost is known of failures too: what a success
 * costs is what all the trials cost that it took.
 */
import type { SpendLimits } from '../budget.js'
import type { SpendSummary, SpendUnit } from '../report.js'
import type { SampleRow } from '../sample.js'
import { quantile } from './statistics.js'

/** What a trial cost in a unit; `null` where that is not known, as of a model without a price. */
export function costIn(unit: SpendUnit, { spend }: Pick<SampleRow, 'spend'>): number | null {
  return unit === 'tokens' ? spend.inputTokens + spend.outputTokens : spend[unit]
}

/**
 * The unit in which reliability is held against spend: the first of US dollars, tokens, turns and seconds that the budget
 * limits and that is known of every trial. Without a limit, what there is of dollars and tokens.
 */
export function unitOf(trials: readonly SampleRow[], limits: SpendLimits = {}): SpendUnit {
  const isKnown = (unit: SpendUnit) => trials.every((trial) => costIn(unit, trial) !== null)
  const units = ['usd', 'tokens', 'turns', 'seconds'] as const
  return units.find((unit) => limits[unit] !== undefined && isKnown(unit)) ?? (isKnown('usd') ? 'usd' : 'tokens')
}

/** The medians and 95th percentiles of all trials but those whose spend went with their process. */
export function spendSummary(trials: readonly SampleRow[]): SpendSummary {
  const known = trials.filter(({ killed }) => !killed)
  const summary = (cost: (trial: SampleRow) => number | null) => {
    const costs = known.map(cost).filter((each) => each !== null)
    // Of a part of the trials a percentile would say nothing.
    return costs.length < known.length
      ? { median: null, p95: null }
      : { median: quantile(costs, 0.5), p95: quantile(costs, 0.95) }
  }
  return {
    turns: summary(({ spend }) => spend.turns),
    modelCalls: summary(({ spend }) => spend.modelCalls),
    tokens: summary((trial) => costIn('tokens', trial)),
    usd: summary(({ spend }) => spend.usd),
    seconds: summary(({ spend }) => spend.seconds),
  }
}

/** All that was spent, on failures too, for each success; `null` without one, or where a cost is not known. */
export function costPerSuccess(unit: SpendUnit, trials: readonly SampleRow[]): number | null {
  const successes = trials.filter(({ outcome }) => outcome === 'success').length
  const costs = trials.map((trial) => costIn(unit, trial)).filter((cost) => cost !== null)
  if (successes === 0 || costs.length < trials.length) return null
  return costs.reduce((sum, cost) => sum + cost, 0) / successes
}
