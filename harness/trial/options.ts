/** What a trial is asked to be, and what comes of it. Apart from the trial, because its world is told the same. */
import type { Plan } from '../../faults/plan/plan.js'
import type { Trace } from '../contracts/trace.js'
import type { Judgement } from '../contracts/verdict.js'
import type { WireRecord } from '../contracts/wire.js'
import type { Draw } from './chance.js'
import type { WorldSnapshot } from './trial-world.js'

export interface TrialOptions {
  readonly plan: Plan
  readonly seed: number
  /** Strikes crossings by chance, in place of a plan. */
  readonly draw?: Draw | undefined
  /** Real milliseconds that real work may stay in flight before the trial ends as `stuck`. */
  readonly realLimitMs?: number
  /** Whether to keep what passes over the wire. */
  readonly wire?: boolean
  /** The world that the agent left behind when it crashed in another process. */
  readonly resume?: WorldSnapshot | undefined
}

export interface TrialResult {
  readonly trace: Trace
  /** The outside world's memory when the trial was over. */
  readonly state: unknown
  readonly judgements: readonly Judgement[]
  /** Where it was to be kept. */
  readonly wire?: readonly WireRecord[]
}

/** A trial that ended, or one whose agent crashed and is to be started again in a fresh process. */
export type TrialOutcome =
  | ({ readonly kind: 'ended' } & TrialResult)
  | { readonly kind: 'crashed'; readonly snapshot: WorldSnapshot }
