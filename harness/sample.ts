/**
 * The contract of a sample: each measured trial as one row, so that whatever is said of the sample can be computed again,
 * and two samples be compared trial by trial.
 */
import type { Spend } from './trace.js'

/** What a measured trial can come to; the report's counts say what each means. */
export const trialOutcomes = [
  'success',
  'overBudget',
  'degraded',
  'honestFailure',
  'unacknowledgedSuccess',
  'inventedSuccess',
  'noAnswer',
  'goalUnknown',
] as const

export type TrialOutcome = (typeof trialOutcomes)[number]

/** One measured trial. */
export interface SampleRow {
  /** From 1; the seed follows from it and from the seed of the run. */
  readonly number: number
  readonly seed: number
  readonly outcome: TrialOutcome
  /** Nothing at all where the trial was killed: what it had spent went with its process. */
  readonly spend: Spend
  readonly killed: boolean
  readonly crossings: number
  /** At how many of them a fault took effect. */
  readonly landed: number
}
