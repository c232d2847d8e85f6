/** What an agent may spend and how reliable it must be; and what a trial spent. */

/** Limits on one trial. A success that costs more is none. */
export interface SpendLimits {
  readonly turns?: number
  readonly tokens?: number
  readonly usd?: number
  readonly seconds?: number
}

export interface Budget {
  /** The least P(success) that is acceptable under the declared fault profile, in (0, 1). */
  readonly reliability?: number
  /** The chance that a crossing is struck while measuring, in [0, 1]. */
  readonly faultRate?: number
  readonly spend?: SpendLimits
}

export interface Spend {
  /** Logical model calls; retries are none. */
  readonly turns: number
  /** Requests to the model, retries included. */
  readonly modelCalls: number
  readonly toolCalls: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** By the price of the model's family; `null` where no price is known. */
  readonly usd: number | null
  /** Virtual seconds until the agent answered, or until the trial ended. */
  readonly seconds: number
}

/** Virtual time that a trial may take: ten times the budget's seconds. */
export const secondsAllowedByDefault = 600
export function horizonMs(budget: Budget | undefined): number {
  return (budget?.spend?.seconds ?? secondsAllowedByDefault) * 10_000
}
