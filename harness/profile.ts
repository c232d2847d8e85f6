/**
 * The contract of a fault profile: what world an agent's reliability is stated for. A reliability without the faults that
 * it was measured under says nothing, so the profile is data that stands in the report beside the number.
 */
import type { FaultClass } from '../faults/fault.js'
import type { Budget } from './budget.js'

export interface FaultProfile {
  /** The chance that a crossing is struck, in [0, 1]; each crossing by itself, retries included. */
  readonly faultRate: number
  /**
   * How the struck crossings divide among the classes of faults, in any unit. A class that is not named is never drawn;
   * where no fault of a class fits a crossing, the other classes share its part.
   */
  readonly weights: Readonly<Partial<Record<FaultClass, number>>>
  /** Names of the faults that may be drawn; `null`: all that the scenario faces, but companions. */
  readonly faults: readonly string[] | null
}

export const faultRateByDefault = 0.1

/** What an agent can recover from. A definite fault is no test of reliability: nobody could have succeeded. */
export const weightsByDefault = { transient: 0.8, indeterminate: 0.2 } as const

/** The profile that a scenario is measured under. */
export function profileOf({ faultRate = faultRateByDefault }: Budget): FaultProfile {
  return { faultRate, weights: weightsByDefault, faults: null }
}
