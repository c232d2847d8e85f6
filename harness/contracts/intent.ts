/** A logical operation in the world outside the agent. Apart, because requests and the trace both speak of it. */

/** The logical operation that the task calls for, as the scenario names it. */
export interface Intent {
  readonly kind: string
  readonly id: string
}

/** One that the ledger may hold. */
export interface ExpectedIntent extends Intent {
  /** It may happen, and need not: what the task may also come to, or what undoes a change. */
  readonly may?: true
}
