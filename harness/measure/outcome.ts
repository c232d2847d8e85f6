/**
 * What one measured trial came to: what the agent said beside what it did. The ways to fail are told apart because
 * they call for different cures, and some of them are lies.
 */
import { type Budget, overspent } from '../contracts/budget.js'
import type { TrialRecord } from '../contracts/executor.js'
import type { OutcomeCounts } from '../contracts/report/report.js'
import { type SampleRow, type TrialOutcome, trialOutcomes } from '../contracts/report/sample.js'
import { isCutShort } from '../contracts/trace.js'

/** What an outcome is judged by. */
export type OutcomeFacts = Pick<TrialRecord, 'claim' | 'goal' | 'spend' | 'end'>

/**
 * `success`: the goal is reached, the agent claims it, and the spend is within its limits. Where the budget says so, one that
 * rolled back as the task wants claims it too.
 */
export function outcomeOf({ claim, goal, spend, end }: OutcomeFacts, budget: Counting): TrialOutcome {
  const withinBudget = () => (overspent(spend, budget.spend) === undefined ? 'success' : 'overBudget')
  if (isCutShort(end)) return 'cutShort'
  if (claim === null) return 'noAnswer'
  if (goal === null) return 'goalUnknown'
  switch (claim) {
    case 'degraded':
      return 'degraded'
    case 'rolled-back':
      if (goal && budget.rolledBackCountsAs === 'success') return withinBudget()
      return goal ? 'unacknowledgedSuccess' : 'honestFailure'
    case 'failure':
      return goal ? 'unacknowledgedSuccess' : 'honestFailure'
    case 'success':
      return goal ? withinBudget() : 'inventedSuccess'
  }
}

/** What is kept of the `number`-th trial, from 1. */
export function rowOf(number: number, record: TrialRecord, budget: Counting): SampleRow {
  const { seed, spend, crossings, landed, end } = record
  return { number, seed, outcome: outcomeOf(record, budget), spend, killed: end.kind === 'killed', crossings, landed }
}

type Counting = Pick<Budget, 'spend' | 'degradedCountsAs' | 'rolledBackCountsAs'>

/**
 * Whether a trial counts as a success: where the budget says so a degraded answer does too, within the spend. Limits other
 * than those that its row was made under may be given, and then hold in their place.
 */
export function isSuccess({ outcome, spend }: SampleRow, { spend: limits, degradedCountsAs }: Counting): boolean {
  const isDone =
    outcome === 'success' || outcome === 'overBudget' || (outcome === 'degraded' && degradedCountsAs === 'success')
  return isDone && overspent(spend, limits) === undefined
}

/** How many trials came to what. */
export function outcomesOf(rows: readonly Pick<SampleRow, 'outcome'>[]): OutcomeCounts {
  const counts = Object.fromEntries(trialOutcomes.map((outcome) => [outcome, 0])) as OutcomeCounts
  for (const { outcome } of rows) counts[outcome]++
  return counts
}
