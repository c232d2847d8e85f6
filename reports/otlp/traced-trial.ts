/** What the exporters of traces are handed. Apart because all of their parts read it. */
import type { TraceEvent } from '../../harness/contracts/trace.js'
import type { Verdict } from '../../harness/contracts/verdict.js'

/** A trial with what was said of it. */
export interface TracedTrial {
  /** Of agent-chaos. */
  readonly version: string
  readonly scenario: string
  readonly seed: number
  /** The plan in its text form. */
  readonly plan: string
  /** SHA-256 of the trial's trace, in hexadecimal; all ids come from it. */
  readonly digest: string
  readonly end: string
  readonly claim: string | null
  readonly goal: boolean | null
  readonly events: readonly TraceEvent[]
  readonly judgements: readonly { readonly invariant: string; readonly verdict: Verdict }[]
}
