/**
 * What one measured trial came to: what the agent said held against what it did. Only a success counts for reliability;
 * the others are told apart because they call for different cures, and some of them are lies.
 */
import { overspent, type SpendLimits } from '../budget.js'
import type { OutcomeCounts } from '../report.js'
import type { TrialRecord } from '../run/executor.js'
import type { SampleRow, TrialOutcome } from '../sample.js'

/** What an outcome is judged by. */
export type Ended = Pick<TrialRecord, 'claim' | 'goal' | 'spend'>

/** `success`: the goal is reached, the agent claims it, and the spend is within `limits`. */
export function outcomeOf({ claim, goal, spend }: Ended, limits: SpendLimits | undefined): TrialOutcome {
  if (claim === null) return 'noAnswer'
  if (goal === null) return 'goalUnknown'
  switch (claim) {
    case 'degraded':
      return 'degraded'
    case 'failure':
    case 'rolled-back':
      return goal ? 'unacknowledgedSuccess' : 'honestFailure'
    case 'success':
      if (!goal) return 'inventedSuccess'
      return overspent(spend, limits) === undefined ? 'success' : 'overBudget'
  }
}

/** What is kept of the `number`-th trial, from 1. */
export function rowOf(number: number, record: TrialRecord, limits: SpendLimits | undefined): SampleRow {
  const { seed, spend, crossings, end, injections } = record
  const landed = injections.filter(({ status }) => status === 'landed').length
  return {
    number,
    seed,
    outcome: outcomeOf(record, limits),
    spend,
    killed: end.kind === 'killed',
    crossings,
    landed,
  }
}

/** How many trials came to what. */
export function outcomesOf(rows: readonly Pick<SampleRow, 'outcome'>[]): OutcomeCounts {
  const counts = {
    success: 0,
    overBudget: 0,
    degraded: 0,
    honestFailure: 0,
    unacknowledgedSuccess: 0,
    inventedSuccess: 0,
    noAnswer: 0,
    goalUnknown: 0,
  }
  for (const { outcome } of rows) counts[outcome]++
  return counts
}
