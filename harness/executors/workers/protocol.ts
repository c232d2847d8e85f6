/** What passes between the parent and a worker process: one JSON document a line, over two pipes of their own. */
import type { Injection, Plan } from '../../../faults/plan/plan.js'
import type { ScenarioFacts, ScenarioSource, TrialRecord, TrialSpec } from '../../contracts/executor.js'
import type { WorldSnapshot } from '../../trial/trial-world.js'

/** Descriptors of the worker. It has no IPC channel, so `process.send` is as absent as where the agent really runs. */
export const requestsFd = 3
export const answersFd = 4

/** The bounds that a worker keeps to by itself, where it is able to. */
export interface WorkerBounds {
  /** Real milliseconds that real work may stay in flight in one trial. */
  readonly realLimitMs: number
  /** Resident megabytes that the process may take. */
  readonly memoryMbMax: number
}

/** What the parent asks of a worker. Trials are of the scenario that was loaded last. */
export type WorkerRequest = BeginRequest | LoadRequest | TrialRequest

/** The first of all, read before any of the user's modules is loaded. */
export interface BeginRequest extends WorkerBounds {
  readonly kind: 'begin'
  /** The folder that the paths of scenarios begin from, absolute. */
  readonly root: string
  /** Stands before every answer. The agent does not know it, so it cannot answer in the worker's place. */
  readonly secret: string
  /** The configuration file whose providers and endpoints hold, absolute, if there is one. */
  readonly config?: string | undefined
}

export interface LoadRequest extends ScenarioSource {
  readonly kind: 'load'
}

export interface TrialRequest extends TrialSpec {
  readonly kind: 'trial'
  readonly id: number
  readonly plan: Plan
  /** Where the trial's files are kept, if it has any. */
  readonly dir: string
  /** The world that the agent left behind when it crashed in another worker. */
  readonly resume?: WorldSnapshot | undefined
}

export type WorkerMessage =
  /** What the user's code put into the environment and its parent is to hide; it comes before what may hold it. */
  | { readonly kind: 'secrets'; readonly secrets: readonly string[] }
  | { readonly kind: 'loaded'; readonly facts: ScenarioFacts }
  /** The file could not be loaded, or the scenario could not be set up: the user's to fix. */
  | { readonly kind: 'refused'; readonly message: string; readonly where?: string | undefined }
  | { readonly kind: 'broken'; readonly stack: string }
  /** A measured trial's plan has become longer. */
  | { readonly kind: 'drawn'; readonly id: number; readonly injection: Injection }
  /** The agent crashed, and is to be started again in a fresh process. */
  | { readonly kind: 'crashed'; readonly id: number; readonly snapshot: WorldSnapshot }
  | { readonly kind: 'done'; readonly id: number; readonly record: TrialRecord }
