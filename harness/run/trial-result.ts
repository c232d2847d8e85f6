/** What comes back from a trial. Apart from the running of one, because the search and the library know trials by this. */
import type { Site } from '../../faults/site.js'
import type { Trace } from '../trace.js'
import type { Judgement } from '../verdict.js'
import type { WorldSnapshot } from './trial-world.js'

export interface TrialResult {
  readonly trace: Trace
  /** The outside world's memory when the trial was over. */
  readonly state: unknown
  readonly judgements: readonly Judgement[]
  /** Sites that were there for the agent, met or not: its tools, and as patterns the services. */
  readonly offered: readonly Site[]
}

/** A trial that ended, or one whose agent crashed and is to be started again in a fresh process. */
export type TrialOutcome =
  | ({ readonly kind: 'ended' } & TrialResult)
  | { readonly kind: 'crashed'; readonly snapshot: WorldSnapshot }
