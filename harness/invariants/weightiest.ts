/** What several verdicts on one trace come to. Apart, because an invariant of many parts must weigh them as any other does. */
import { type Verdict, vacuous } from '../verdict.js'

const byWeight = ['violated', 'inconclusive', 'held'] as const

/** A violation outweighs what could not be judged, and that outweighs what held; `untested` says why nothing was. */
export function weightiest(verdicts: readonly Verdict[], untested: string): Verdict {
  for (const kind of byWeight) {
    const found = verdicts.find((verdict) => verdict.kind === kind)
    if (found) return found
  }
  return vacuous(untested)
}
