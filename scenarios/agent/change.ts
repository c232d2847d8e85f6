/**
 * A change in the outside world, made at most once however often it is tried: under one idempotency key that belongs to
 * what is meant and not to the attempt, and with a journal that remembers across crashes what was begun.
 */
import type { Dependency, Watch } from './dependency.js'
import { kindOf } from './failure.js'
import { type ChangeName, claim, type Journal, rowOf } from './journal.js'
import type { Policy } from './policy.js'

export interface Change<Request, Result> extends ChangeName {
  readonly request: Request
  /** Whose breaker, deadline and retries it goes through. */
  readonly by: Dependency
  readonly send: (request: Request, key: string | undefined, signal: AbortSignal) => Promise<Result>
}

/** What changes are made with. */
export interface Hands {
  readonly journal: Journal
  readonly policy: Policy
  readonly watch: Watch
}

/**
 * Resolves to the result, the earlier one where the change was made before. Rejects as `send` does at last; the journal
 * then says whether it may have happened.
 */
export async function make<Request, Result>(
  { journal, policy, watch }: Hands,
  { kind, id, by, request, send }: Change<Request, Result>,
): Promise<Result> {
  const claimed = await claim(journal, { kind, id }, request)
  const { entry } = claimed
  if (entry.status === 'done') return entry.result as Result
  // A crash or a lost answer left it open: from then on the first request stands, whatever the model now calls it.
  let { inDoubt } = claimed
  const attempt: Watch = {
    admit: () => watch.admit(),
    onEnd: (ended) => {
      inDoubt ||= ended.kind === 'failed' && kindOf(ended.error) === 'indeterminate'
      watch.onEnd(ended)
    },
    undoes: watch.undoes,
  }
  try {
    const result = await by.call(
      (signal) => send(entry.request as Request, policy.keyFor(rowOf(entry), entry.revision), signal),
      attempt,
    )
    await journal.write({ ...entry, status: 'done', result })
    return result
  } catch (error) {
    if (!inDoubt) {
      await journal.write({ ...entry, status: kindOf(error) === 'definite' ? 'refused' : 'unapplied' })
    }
    throw error
  }
}
