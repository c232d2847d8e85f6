/** What several verdicts on one trace come to. Apart, because an invariant of many parts must weigh them as any other does. */
import type { Verdict } from '../../contracts/verdict.js'

const byWeight = ['violated', 'inconclusive', 'held'] as const

/** A violation outweighs what could not be judged, and that outweighs what held; `untested` is for where nothing was put to the test. */
export function weightiest(verdicts: readonly Verdict[], untested: Verdict): Verdict {
  for (const kind of byWeight) {
    const found = verdicts.find((verdict) => verdict.kind === kind)
    if (found) return found
  }
  return untested
}
