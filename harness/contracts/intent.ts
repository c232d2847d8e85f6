/** A logical operation in the world outside the agent. Apart, because requests and the trace both speak of it. */

/** The logical operation that the task calls for, as the scenario names it. */
export interface Intent {
  readonly kind: string
  readonly id: string
}
