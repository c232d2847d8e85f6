/**
 * Undoing what a failed task had begun, last step first: a saga without a store of its own, for the journal holds all
 * that it needs. A change that has no reversal is a point of no return: once it may have happened, what led up to it
 * must stand.
 */
import { type Change, type Hands, make } from './change.js'
import { type Journal, mayHaveHappened } from './journal.js'

/** How to undo each kind of change that can be undone: the change that does it, made with the request of the first. */
export type Reversals<Request> = Readonly<Record<string, Omit<Change<Request, unknown>, 'id' | 'request'>>>

/**
 * `nothing`: there was nothing to undo. `undone`: the world is as it was. `stands`: what cannot be undone was done, or
 * may have been.
 */
export type Undoing = 'nothing' | 'undone' | 'stands'

/** Rejects where a reversal fails. What was undone stays undone, and calling again goes on from there. */
export async function undo<Request>(hands: Hands, reversals: Reversals<Request>): Promise<Undoing> {
  const entries = (await hands.journal.entries()).filter((entry) => mayHaveHappened(entry))
  const beyondReturn = new Set<string>()
  let undone = false
  for (const { kind, id, request } of entries.toReversed()) {
    if (isReversal(kind, reversals) || beyondReturn.has(id)) continue
    const reversal = reversals[kind]
    if (reversal) {
      await make(hands, { ...reversal, id, request: request as Request })
      undone = true
    } else {
      beyondReturn.add(id)
    }
  }
  if (beyondReturn.size > 0) return 'stands'
  return undone ? 'undone' : 'nothing'
}

/** Whether undoing had begun before a crash: there is no way forward any more, only the rest of the way back. */
export async function isUndoing<Request>(journal: Journal, reversals: Reversals<Request>): Promise<boolean> {
  return (await journal.entries()).some(({ kind }) => isReversal(kind, reversals))
}

function isReversal<Request>(kind: string, reversals: Reversals<Request>): boolean {
  return Object.values(reversals).some((reversal) => reversal.kind === kind)
}
