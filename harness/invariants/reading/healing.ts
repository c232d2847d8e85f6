/**
 * Whether the world stood in an agent's way. Apart from `isHealed`, which asks it of a whole trial: what happened before a
 * failure, and did not keep the agent from going on, is no reason to stop at that failure.
 */
import { type Crossing, crossingsOf, type Trace } from '../../contracts/trace.js'

/**
 * Whether the agent answered, was not called off before, and met no lasting fault at the event `since` or later. One lasts
 * that is for good, has no end, or ends only after the answer.
 */
export function isUnhinderedSince(trace: Trace, since: number): boolean {
  const answer = trace.events.findIndex((event) => event.kind === 'claim')
  if (answer < 0 || trace.events.slice(0, answer).some(({ kind }) => kind === 'cancel')) return false
  const at = trace.events[answer]?.at ?? 0
  return !crossingsOf(trace).some((crossing) => isMetSince(crossing, since) && hasLastingFault(crossing, trace, at))
}

function isMetSince({ callIndex, result, resultIndex }: Crossing, since: number): boolean {
  return callIndex >= since || result === undefined || resultIndex > since
}

/** Whether a fault that struck it is for good, or was not over at the time. */
export function hasLastingFault({ faults }: Crossing, { injections }: Trace, at: number): boolean {
  return faults.some(({ class: class_, injection }) => {
    const { closed = true, endsAt = null } = injections[injection] ?? {}
    return class_ === 'definite' || !closed || (endsAt !== null && endsAt > at)
  })
}
