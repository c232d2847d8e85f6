/** What passes between the parent and a worker process, as JSON. */
import type { Plan } from '../../faults/plan.js'
import type { ScenarioFacts, TrialRecord, TrialSpec } from './executor.js'

/** Given to a worker as its only argument, in JSON. */
export interface WorkerTask {
  /** Absolute path of the scenario file. */
  readonly file: string
  /** Real milliseconds that real work may stay in flight in one trial. */
  readonly realLimitMs: number
}

export interface TrialRequest extends TrialSpec {
  readonly kind: 'trial'
  readonly id: number
  readonly plan: Plan
}

export type WorkerMessage =
  | { readonly kind: 'loaded'; readonly facts: ScenarioFacts }
  /** The file could not be loaded, or the scenario could not be set up: the user's to mend. */
  | { readonly kind: 'refused'; readonly message: string; readonly where: string | undefined }
  | { readonly kind: 'broken'; readonly stack: string }
  | { readonly kind: 'done'; readonly id: number; readonly record: TrialRecord }
