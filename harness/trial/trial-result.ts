/** What comes back from a trial. Apart from the running of one, because the search and the library know trials by this. */
import type { Site } from '../../faults/site.js'
import type { Beside, Company, Unowned } from '../contracts/beside.js'
import type { Trace } from '../contracts/trace.js'
import type { Judgement } from '../contracts/verdict.js'
import type { WireRecord } from '../contracts/wire.js'
import type { WorldSnapshot } from './trial-world.js'

export interface TrialResult extends Beside {
  readonly trace: Trace
  /** The outside world's memory when the trial was over. */
  readonly state: unknown
  readonly judgements: readonly Judgement[]
  /** What passed over the wire, where it was to be kept. */
  readonly wire?: readonly WireRecord[]
  /** Sites that were there for the agent, met or not: its tools, and as patterns the services. */
  readonly offered: readonly Site[]
  /** What ran beside the agent's own thread, of which the trial sees little. */
  readonly company?: Company
  /** Where that was asked for: what it read of time and chance that no seed repeats. */
  readonly unowned?: readonly Unowned[]
  /** Models of vendors that the agent did not ask, as patterns. */
  readonly unasked: readonly Site[]
  /** Lengths of the timers that the agent's code has set, in virtual milliseconds, ascending. */
  readonly waits: readonly number[]
  /** What the agent or `goal()` threw, and nobody caught. */
  readonly thrown?: Thrown | undefined
}

/** Kept as it is: to read a stack takes time, and few trials are looked at so closely. An exit has no more than its place. */
export type Thrown = { readonly error: unknown } | { readonly exitAt: string | undefined }

/** A trial that ended, or one whose agent crashed and is to be started again in a fresh process. */
export type TrialEnding =
  | ({ readonly kind: 'ended' } & TrialResult)
  | { readonly kind: 'crashed'; readonly snapshot: WorldSnapshot }
  /** The agent crashed, and its modules cannot be evaluated anew: it is to be run with a fresh process for each start. */
  | { readonly kind: 'unloadable' }
