/**
 * Whether the world stood in an agent's way: in a whole trial, or since a failure. What happened before that, and did not
 * keep the agent from going on, is no reason to stop at it.
 */
import { type Crossing, crossingsOf, type Trace } from '../../contracts/trace.js'

/**
 * Whether the world had healed before the agent answered: every planned fault ends by itself, and had ended by then, and
 * none said that it is for good. Only then can an oracle ask for something good to have happened: under an open fault or
 * a definite one, an honest failure is right. Of a task that was called off nobody wants a success any more.
 */
export function isHealed(trace: Trace): boolean {
  const answer = trace.events.find((event) => event.kind === 'claim')
  return (
    answer !== undefined &&
    trace.injections.every(({ closed, endsAt }) => closed && (endsAt === null || endsAt <= answer.at)) &&
    !trace.events.some((event) => event.kind === 'cancel' || (event.kind === 'fault' && event.class === 'definite'))
  )
}

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
