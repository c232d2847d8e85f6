/** What a search is asked to do, shared by its steps. */

import type { Plan } from '../../faults/plan/plan.js'
import type { TrialSpec } from '../contracts/executor.js'
import type { ViolationReport } from '../contracts/report/report.js'
import type { SearchDepth } from '../contracts/search-depth.js'
import type { Shard } from '../contracts/shard.js'

export type SearchPhase = 'search' | 'shrink' | 'recheck'

export interface SearchOptions {
  readonly seed: number
  /** The most trials of the systematic search. */
  readonly trialsMax: number
  /** Plans drawn at random that follow the systematic ones, or as many as fit below `trialsMax`; none by default. */
  readonly randomPlans?: number | 'fill'
  /** Trials that come before all others, within the bound. */
  readonly remembered?: readonly Pick<TrialSpec, 'plan' | 'seed'>[]
  /** Which plans may be tried; all, unless said. */
  readonly isWanted?: (plan: Plan) => boolean
  /** How far it goes beyond single faults and their stories: to pairs, and then to many at once. */
  readonly depth?: SearchDepth
  /** Real seconds after which no further trial begins. */
  readonly maxTime?: number | undefined
  /** Aborted: what has been found so far is still confirmed and reported. */
  readonly signal?: AbortSignal | undefined
  /** Tells of the search's progress: trials done and planned, violations so far. */
  readonly onProgress?: (progress: SearchProgress) => void
  /** The command that replays a violation in a fresh process. */
  readonly command: (seed: number, plan: string) => string
  /** Whether a violation is known, and counts for no verdict. */
  readonly isKnown?: (violation: Pick<ViolationReport, 'invariant' | 'signature'>) => boolean
  /** The least share of the map that is to be struck, in percent; less makes it inconclusive. */
  readonly minCoverage?: number | undefined
  /** How many trials are run again to see whether they repeat; 8 by default. */
  readonly rechecksMax?: number
  /** Runs the trials of this shard alone, of a canary all of them or none. */
  readonly shard?: Shard | undefined
}

export interface SearchProgress {
  readonly phase: SearchPhase
  readonly done: number
  readonly planned: number
  readonly violations: number
}
