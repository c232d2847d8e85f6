/** What passes between the parent and a worker process: one JSON document a line, over two pipes of their own. */
import type { Injection, Plan } from '../../../faults/plan/plan.js'
import type { ConsoleLine } from '../../contracts/console.js'
import type { Debugging } from '../../contracts/debugging.js'
import type { ScenarioFacts, ScenarioSource, TrialRecord, TrialSpec } from '../../contracts/executor.js'
import type { Trace, TraceEvent } from '../../contracts/trace.js'
import type { Judgement } from '../../contracts/verdict.js'
import type { WorldSnapshot } from '../../trial/trial-world.js'

/** Descriptors of the worker. It has no IPC channel, so `process.send` is as absent as where the agent really runs. */
export const requestsFd = 3
export const answersFd = 4

/** Whether a worker may be handed on. */
export interface ProcessChanges {
  /** What was changed, by name. */
  readonly changes: readonly string[]
  /** Whether timers or connections of modules go on by themselves. */
  readonly atWork: boolean
}

/** The bounds that a worker keeps to by itself, where it is able to. */
export interface WorkerBounds {
  /** Real milliseconds that real work may stay in flight in one trial. */
  readonly realLimitMs: number
  /** Resident megabytes that the process may take. */
  readonly memoryMbMax: number
}

/** What the parent asks of a worker. Trials are of the scenario that was loaded last. */
export type WorkerRequest = BeginRequest | LoadRequest | TrialRequest | JudgeRequest | { readonly kind: 'compare' }

/** The first of all, read before any of the user's modules is loaded. */
export interface BeginRequest extends WorkerBounds {
  readonly kind: 'begin'
  /** The folder that the paths of scenarios begin from, absolute. */
  readonly root: string
  /** Stands before every answer. The agent does not know it, so it cannot answer in the worker's place. */
  readonly secret: string
  /** The configuration file whose providers and endpoints hold, absolute, if there is one. */
  readonly config?: string | undefined
  readonly debugging?: Debugging | undefined
  /** Whether trials say what they read of time and chance that no seed repeats. */
  readonly strict?: boolean | undefined
  /** Whether it has a network of its own, in which no other machine is. */
  readonly networkNamespace?: boolean | undefined
}

export interface LoadRequest extends ScenarioSource {
  readonly kind: 'load'
}

export interface TrialRequest extends TrialSpec {
  readonly kind: 'trial'
  readonly id: number
  readonly plan: Plan
  /** It is to be judged again, whatever it comes to. */
  readonly twice: boolean
  /** What is recorded and printed is told at once, for the trial may be ended before it can be told of as a whole. */
  readonly tells: boolean
  /** Where the trial's files are kept, if it has any. */
  readonly dir: string
  /** Each start of an agent that crashes has a process: its modules cannot be evaluated anew. */
  readonly crash?: 'hard' | undefined
  /** The world that the agent left behind when it crashed in another worker. */
  readonly resume?: WorldSnapshot | undefined
}

/** A trial that ran elsewhere. Nobody asks it of a worker that runs trials. */
export interface JudgeRequest {
  readonly kind: 'judge'
  readonly id: number
  readonly trace: Trace
  /** In V8's own form; `null` where the state is no plain data. */
  readonly state: string | null
}

/** Of a trial that is to be judged again. */
export interface Testimony extends Pick<JudgeRequest, 'trace' | 'state'> {
  /** What of the language was no longer what it was when the trial was over, by name. */
  readonly changed: readonly string[]
}

/** How a trial is judged by a process that never ran the agent. */
export interface Second {
  readonly judgements: readonly Judgement[]
  /** Invariants that go by a state that did not travel. */
  readonly leftOut: readonly string[]
  /** Invariants of the user's own, which may go by more than they are handed. */
  readonly own: readonly string[]
}

export type WorkerMessage =
  /** What the user's code put into the environment and its parent is to hide; it comes before what may hold it. */
  | { readonly kind: 'secrets'; readonly secrets: readonly string[] }
  | { readonly kind: 'loaded'; readonly facts: ScenarioFacts }
  /** The file could not be loaded, or the scenario could not be set up: the user's to fix. */
  | { readonly kind: 'refused'; readonly message: string; readonly where?: string | undefined }
  | { readonly kind: 'broken'; readonly stack: string }
  /** The trial has come to a further crossing, or time has moved in it; told every now and then. */
  | { readonly kind: 'progress'; readonly id: number; readonly modelCalls: number }
  /** Of a trial that tells: what was recorded, as it was. */
  | { readonly kind: 'recorded'; readonly id: number; readonly event: TraceEvent }
  /** Of the same: a line that was printed. */
  | { readonly kind: 'printed'; readonly id: number; readonly line: ConsoleLine }
  /** A measured trial's plan has become longer. */
  | { readonly kind: 'drawn'; readonly id: number; readonly injection: Injection }
  /** What the process is no longer, compared with what it was before anything was loaded; and whether modules are at work. */
  | ({ readonly kind: 'compared' } & ProcessChanges)
  /** The agent crashed, and its modules cannot be evaluated anew; the trial is to be run with `crash: 'hard'`. */
  | { readonly kind: 'unloadable'; readonly id: number }
  /** The agent crashed, and is to be started again in a fresh process. */
  | { readonly kind: 'crashed'; readonly id: number; readonly snapshot: WorldSnapshot }
  /** `worn`: what a crash left of the agent's modules cannot be put away, and the worker is fit for no further trial. */
  | {
      readonly kind: 'done'
      readonly id: number
      readonly record: TrialRecord
      readonly worn?: boolean
      readonly testimony?: Testimony
    }
  | ({ readonly kind: 'judged'; readonly id: number } & Second)
