/** What a check can say, and how what many checks said adds up. */

/** What an invariant says of one trial. */
export type Verdict =
  | { readonly kind: 'held' }
  /** The antecedent never came about: nothing was tested. */
  | {
      readonly kind: 'vacuous'
      readonly because: string
      /** How near it came to that, as a share of what was needed, where that is known. */
      readonly near?: number
    }
  | {
      readonly kind: 'violated'
      /** What kind of violation it is, free of the plan's accidents: equal signatures are one bug. */
      readonly signature: string
      /** One or two sentences that tell what happened. */
      readonly story: string
      /** Indices of the events in the trace that show it; never empty. */
      readonly evidence: readonly number[]
      /** What to change in the agent, in one sentence, where the verdict knows better than its invariant. */
      readonly remedy?: string
    }
  | { readonly kind: 'inconclusive'; readonly because: string }

/** The verdict that the rule was put to the test and kept. */
export const held: Verdict = { kind: 'held' }
/** The verdict that nothing was put to the test, and why. Of many trials, that of the greatest `near`, from 0 to 1, is told. */
export const vacuous = (because: string, near?: number): Verdict => ({
  kind: 'vacuous',
  because,
  ...(near && { near }),
})
/** The verdict that nobody can tell, and why. It makes a run inconclusive. */
export const inconclusive = (because: string): Verdict => ({ kind: 'inconclusive', because })
/**
 * The verdict that the rule was broken. `signature` names the kind of violation; `story` tells it in a sentence or two.
 * `evidence` holds indices of events in the trace, at least one. `remedy` says what to change in the agent, in one sentence.
 */
export const violated = (signature: string, story: string, evidence: readonly number[], remedy?: string): Verdict => ({
  kind: 'violated',
  signature,
  story,
  evidence,
  ...(remedy !== undefined && { remedy }),
})

/** One invariant's verdict on one trial. */
export interface Judgement {
  readonly invariant: string
  readonly verdict: Verdict
}
