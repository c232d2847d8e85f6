/**
 * What trials cost, one unit at a time. Apart from the outcomes because a cost is known of failures too: what a success
 * costs is what all the trials cost that it took.
 */
import type { SpendLimits } from '../contracts/budget.js'
import type { SpendSummary, SpendUnit } from '../contracts/report/report.js'
import type { SampleRow } from '../contracts/report/sample.js'
import { quantile } from './statistics.js'

/** What a budget can limit, in the order in which a curve's unit is chosen. */
export const spendUnits = ['usd', 'tokens', 'turns', 'seconds'] as const satisfies readonly SpendUnit[]

/** What a trial cost in a unit; `null` where that is not known, as of a model without a price. */
export function costIn(unit: SpendUnit, { spend }: Pick<SampleRow, 'spend'>): number | null {
  return unit === 'tokens' ? spend.inputTokens + spend.outputTokens : spend[unit]
}

/** Whether the cost of every trial is known. */
export function isKnown(unit: SpendUnit, rows: readonly SampleRow[]): boolean {
  return rows.every((row) => costIn(unit, row) !== null)
}

/**
 * The unit in which reliability is drawn against spend. It is the first of US dollars, tokens, turns and seconds that
 * the budget limits and that is known of every trial. Without a limit, what there is of dollars and tokens.
 */
export function unitOf(rows: readonly SampleRow[], limits: SpendLimits = {}): SpendUnit {
  const limited = spendUnits.find((unit) => limits[unit] !== undefined && isKnown(unit, rows))
  return limited ?? (isKnown('usd', rows) ? 'usd' : 'tokens')
}

/** The medians and 95th percentiles of all trials but those whose spend went with their process. */
export function spendSummary(rows: readonly SampleRow[]): SpendSummary {
  const known = rows.filter(({ killed }) => !killed)
  const summary = (cost: (row: SampleRow) => number | null) => {
    const costs = known.map(cost).filter((each) => each !== null)
    // Of a part of the trials a percentile would say nothing.
    return costs.length < known.length
      ? { median: null, p95: null }
      : { median: quantile(costs, 0.5), p95: quantile(costs, 0.95) }
  }
  return {
    turns: summary(({ spend }) => spend.turns),
    modelCalls: summary(({ spend }) => spend.modelCalls),
    toolCalls: summary(({ spend }) => spend.toolCalls),
    inputTokens: summary(({ spend }) => spend.inputTokens),
    outputTokens: summary(({ spend }) => spend.outputTokens),
    tokens: summary((row) => costIn('tokens', row)),
    usd: summary(({ spend }) => spend.usd),
    seconds: summary(({ spend }) => spend.seconds),
  }
}
