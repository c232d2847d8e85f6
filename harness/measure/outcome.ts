/**
 * What one measured trial came to: what the agent said held against what it did. Only a success counts for reliability;
 * the others are told apart because they call for different cures, and some of them are lies.
 */
import { overspent, type SpendLimits } from '../budget.js'
import type { OutcomeCounts } from '../report.js'
import type { TrialRecord } from '../run/executor.js'

export type TrialOutcome = keyof OutcomeCounts

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

/** How many trials came to what. */
export function outcomesOf(trials: readonly Ended[], limits: SpendLimits | undefined): OutcomeCounts {
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
  for (const trial of trials) counts[outcomeOf(trial, limits)]++
  return counts
}
