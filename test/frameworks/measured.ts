/** What is measured of the agent of one scenario. */
export interface Cell {
  readonly title: string
  readonly text: string
}

/** A mistake that the search found, with the smallest plan that shows it. */
export interface Finding {
  readonly invariant: string
  readonly story: string
  readonly plan: string
}

/** Milliseconds of processor time for a task without faults, warm. */
export interface Cost {
  readonly trialMs: number
  /** The same agent with the same bytes, and without a harness. */
  readonly floorMs: number
}

export interface Measured {
  readonly name: string
  readonly isStreamed: boolean
  /** Whether the task is done when nothing is wrong. */
  readonly baseline: boolean
  readonly strays: readonly string[]
  readonly leftRunning: readonly string[]
  /** Names of the spans that it makes by default. */
  readonly spans: readonly string[]
  readonly cells: readonly Cell[]
  readonly findings: readonly Finding[]
  readonly cost: Cost
}
