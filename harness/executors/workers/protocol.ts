/** What passes between the parent and a worker process, as JSON. */
import type { Injection, Plan } from '../../../faults/plan/plan.js'
import type { ScenarioFacts, TrialRecord, TrialSpec } from '../../contracts/executor.js'
import type { WorldSnapshot } from '../../trial/trial-world.js'

/** Given to a worker as its only argument, in JSON. */
export interface WorkerTask {
  /** Real milliseconds that real work may stay in flight in one trial. */
  readonly realLimitMs: number
  /** The configuration file whose providers and endpoints hold, absolute, if there is one. */
  readonly config?: string | undefined
}

/** Where a scenario is to be found. */
export interface ScenarioSource {
  /** Absolute path of the scenario file. */
  readonly file: string
  /** A canary with its mistake mended, in place of the canary. */
  readonly repaired?: boolean
}

/** What the parent asks of a worker. Trials are of the scenario that was loaded last. */
export type WorkerRequest = LoadRequest | TrialRequest

export interface LoadRequest extends ScenarioSource {
  readonly kind: 'load'
}

export interface TrialRequest extends TrialSpec {
  readonly kind: 'trial'
  readonly id: number
  readonly plan: Plan
  /** The world that the agent left behind when it crashed in another worker. */
  readonly resume?: WorldSnapshot | undefined
}

export type WorkerMessage =
  | { readonly kind: 'loaded'; readonly facts: ScenarioFacts }
  /** The file could not be loaded, or the scenario could not be set up: the user's to mend. */
  | { readonly kind: 'refused'; readonly message: string; readonly where: string | undefined }
  | { readonly kind: 'broken'; readonly stack: string }
  /** A measured trial's plan has become longer. */
  | { readonly kind: 'drawn'; readonly id: number; readonly injection: Injection }
  /** The agent crashed, and is to be started again in a fresh process. */
  | { readonly kind: 'crashed'; readonly id: number; readonly snapshot: WorldSnapshot }
  | { readonly kind: 'done'; readonly id: number; readonly record: TrialRecord }
