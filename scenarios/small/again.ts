/** Trying again, as the small agents of the planted bugs do. Apart, because it is right: their mistakes are elsewhere. */
import { setTimeout as sleep } from 'node:timers/promises'

/** The status of an error that tells of one. */
export function statusOf(error: unknown): number | undefined {
  return (error as { readonly status?: number }).status
}

/** However few the tries were. */
const patienceMs = 30 * 60_000

/** `work`, tried up to `times` times and `pauseMs` apart, for as long as its error may pass, and for half an hour at the most. */
export async function again<T>(work: () => Promise<T>, { times = 12, pauseMs = 5_000 } = {}): Promise<T> {
  const begun = performance.now()
  for (let n = 1; ; n++) {
    try {
      return await work()
    } catch (error) {
      if (n === times || statusOf(error) === 400 || performance.now() - begun > patienceMs) throw error
      await sleep(pauseMs)
    }
  }
}

/** Settles as `work` does, or rejects after `ms`; `work` goes on. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const ended = new AbortController()
  const deadline = sleep(ms, undefined, { signal: ended.signal }).then(() => {
    throw Object.assign(new Error(`no answer for ${ms} ms`), { code: 'DEADLINE' })
  })
  deadline.catch(() => {})
  try {
    return await Promise.race([work, deadline])
  } finally {
    ended.abort()
  }
}
