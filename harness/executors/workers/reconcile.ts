/** What counts of two judgements on one trial: that of the process which ran the agent, and that of one which never did. */
import type { JudgedDifference } from '../../contracts/report/judged-twice.js'
import { inconclusive, type Judgement, type Verdict } from '../../contracts/verdict.js'
import type { Second } from './protocol.js'

type Differs = Pick<JudgedDifference, 'invariant' | 'said' | 'again' | 'counted'>

interface Reconciled {
  /** In the order of what was said first. */
  readonly judgements: readonly Judgement[]
  readonly differences: readonly Differs[]
}

/** Two verdicts agree by their kind, and by which bug they tell of: how it is told is no matter. */
export function reconcile(said: readonly Judgement[], second: Second, changed: readonly string[]): Reconciled {
  const again = new Map(second.judgements.map(({ invariant, verdict }) => [invariant, verdict]))
  const known = new Map(said.map(({ invariant, verdict }) => [invariant, verdict]))
  const differences: Differs[] = []
  // What the first process left out was judged all the same.
  const names = new Set([...known.keys(), ...again.keys()])
  const judgements = [...names].map((invariant): Judgement => {
    const [one, other] = [known.get(invariant), again.get(invariant)]
    if (one && (!other || isSame(one, other))) return { invariant, verdict: one }
    if (!other) throw new Error(`nobody judged ${invariant}`)
    const verdict = whichCounts(one, other, second.own.includes(invariant), changed)
    differences.push({ invariant, said: textOf(one), again: textOf(other), counted: verdict.kind })
    return { invariant, verdict }
  })
  return { judgements, differences }
}

function isSame(one: Verdict, other: Verdict): boolean {
  if (one.kind === 'violated' && other.kind === 'violated') return one.signature === other.signature
  return one.kind === other.kind
}

/**
 * A violation that only the second process sees is one: what it goes by is the same, and the language is what it should be.
 * But a check of the user's own may go by what modules hold, which is not there; as long as nothing was seen to be
 * changed, nobody can tell. A violation that the second does not see is no pass either.
 */
function whichCounts(said: Verdict | undefined, again: Verdict, isOwn: boolean, changed: readonly string[]): Verdict {
  const isKnownToBeChanged = changed.length > 0
  if (again.kind === 'violated' && (isKnownToBeChanged || !isOwn)) {
    const story = `${again.story.replace(/[^.!?]$/, '$&.')} The agent's own process judged the same trace as ${textOf(said)}: ${causeOf(false, changed)}.`
    return { ...again, story }
  }
  return inconclusive(
    `judged as ${textOf(said)} where the agent ran, and as ${textOf(again)} by a process that never ran it: ` +
      causeOf(isOwn, changed),
  )
}

function causeOf(isOwn: boolean, changed: readonly string[]): string {
  if (changed.length > 0) return `the agent changed ${changed.join(', ')}`
  const change = 'the agent changed what judgements are made with'
  return isOwn ? `its check goes by more than the trace and the state that it is handed, or ${change}` : change
}

/** As it is told of: with the signature, where there is one. */
function textOf(verdict: Verdict | undefined): string {
  if (verdict === undefined) return 'nothing'
  return verdict.kind === 'violated' ? `violated (${verdict.signature})` : verdict.kind
}
