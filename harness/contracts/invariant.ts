/** The contract of an invariant: a pure check over a trace and the world's final state, and what it promises in words. */

import type { BreakerNeed } from './breaker.js'
import type { Trace } from './trace.js'
import type { Judgement, Verdict } from './verdict.js'
import { inconclusive } from './verdict.js'

export interface Invariant {
  /** kebab-case, unique in a scenario. */
  readonly name: string
  /** `safety`: nothing bad ever happens. `liveness`: something good happens once the world has healed. */
  readonly kind: 'safety' | 'liveness'
  /** What is promised, in a sentence. */
  readonly promise: string
  /** When it is put to the test; otherwise it is vacuous. */
  readonly antecedent: string
  /** A violation, told as a story. */
  readonly example: string
  /** What the circuit breakers that it judges have to see before they can open. */
  readonly breakers?: readonly BreakerNeed[]
  /**
   * What a trial is to gather for it beside the crossings; nothing by default. `spans`: those that the agent makes
   * through the global API of OpenTelemetry, which costs the trial some of its speed.
   */
  readonly needs?: readonly 'spans'[]
  /** Pure: it changes neither the trace nor the state, and the same values give the same verdict. */
  check(trace: Trace, state: unknown): Verdict
}

/** Judges a trace. A check that throws is inconclusive, never a pass. */
export function judge(invariants: readonly Invariant[], trace: Trace, state: unknown): Judgement[] {
  return invariants.map((invariant) => ({ invariant: invariant.name, verdict: checked(invariant, trace, state) }))
}

function checked(invariant: Invariant, trace: Trace, state: unknown): Verdict {
  try {
    return invariant.check(trace, state)
  } catch (error) {
    return inconclusive(`the check threw: ${error instanceof Error ? error.message : String(error)}`)
  }
}
