/** What a check can say, and how what many checks said adds up. */

export type Verdict =
  | { readonly kind: 'held' }
  /** The antecedent never came about: nothing was tested. */
  | { readonly kind: 'vacuous'; readonly because: string }
  | {
      readonly kind: 'violated'
      /** What kind of violation it is, free of the plan's accidents: equal signatures are one bug. */
      readonly signature: string
      /** One or two sentences that tell what happened. */
      readonly story: string
      /** Indices of the events in the trace that show it; never empty. */
      readonly evidence: readonly number[]
    }
  | { readonly kind: 'inconclusive'; readonly because: string }

export const held: Verdict = { kind: 'held' }
export const vacuous = (because: string): Verdict => ({ kind: 'vacuous', because })
export const inconclusive = (because: string): Verdict => ({ kind: 'inconclusive', because })
export const violated = (signature: string, story: string, evidence: readonly number[]): Verdict => ({
  kind: 'violated',
  signature,
  story,
  evidence,
})

/** One invariant's verdict on one trial. */
export interface Judgement {
  readonly invariant: string
  readonly verdict: Verdict
}
