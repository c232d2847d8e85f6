/** A trial that is sent to a worker, and what may become of it: what a worker's parent and whoever sends trials share. */
import type { Injection } from '../../../faults/plan/plan.js'
import type { ConsoleOutput } from '../../contracts/console.js'
import type { TrialRecord, TrialSpec } from '../../contracts/executor.js'
import type { KilledWhy, TraceEvent } from '../../contracts/trace.js'
import type { WorldSnapshot } from '../../trial/trial-world.js'
import type { Testimony, TrialRequest } from './protocol.js'

/** A trial as it is sent. */
export type Sent = TrialSpec & Pick<TrialRequest, 'crash' | 'twice' | 'tells'>

/** What becomes of a trial that was sent. */
export interface TrialAnswer {
  onDone(record: TrialRecord, worn: boolean, testimony: Testimony | undefined): void
  /** In a measured trial: a fault was drawn for a crossing. */
  onDrawn(injection: Injection): void
  /** The agent crashed, and its modules cannot be evaluated anew in this worker. */
  onUnloadable(): void
  /** The agent crashed; a fresh worker is to go on with its world. */
  onCrash(snapshot: WorldSnapshot): void
}

/** A worker that is gone: why, and what is known of the trial that it was running, if it was. */
export interface Death {
  readonly why: KilledWhy
  readonly trial: number | undefined
  /** What was recorded of that trial, where it told. */
  readonly events: readonly TraceEvent[]
  /** What was printed in it, where it told. */
  readonly console: ConsoleOutput | undefined
}
