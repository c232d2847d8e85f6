import type { Invariant } from '../invariant.js'
import { agentCallsOf, type Crossing, healed, siteName } from '../trace.js'
import { held, inconclusive, vacuous, violated } from '../verdict.js'
import { mayBeGivenUp, wentOnBeside } from './flows.js'

export const transientErrorsRetried = (): Invariant => ({
  name: 'transient-errors-retried',
  kind: 'liveness',
  promise: 'A call that failed for the moment (a 503, say) is tried again, or the goal is reached without it.',
  antecedent: 'A call failed with an error that would have passed, and the faults ended before the agent answered.',
  example:
    'The payment service was restarting and answered one 503. The agent told the customer that the refund was not ' +
    'possible, two seconds before it would have been.',
  check: (trace) => {
    const answer = trace.events.findIndex((event) => event.kind === 'claim')
    const calls = agentCallsOf(trace)
    const passing = calls.filter(
      (call) =>
        call.result?.outcome.kind === 'failed' &&
        call.result.outcome.class === 'transient' &&
        call.resultIndex < answer &&
        !(mayBeGivenUp(call) && wentOnBeside(call, calls)),
    )
    if (passing.length === 0) return vacuous('no call failed for the moment')
    if (!healed(trace)) return vacuous('the faults had not ended when the agent did, or left it nothing to do')
    const dropped = passing.find(
      (call) => !isLastStraw(call, calls) && !calls.some((other) => isAnotherTry(call, other)),
    )
    if (!dropped || trace.goal) return held
    if (trace.goal === null) return inconclusive('goal() threw')
    const site = siteName(dropped.call.site)
    return violated(site, `The agent gave up on ${site} after one error that would have passed.`, [dropped.resultIndex])
  },
})

/** Calls that failed or were given up, by which an agent may have spent what it allows itself in one task. */
const troublesMax = 8

function isLastStraw({ callIndex }: Crossing, calls: readonly Crossing[]): boolean {
  const isTrouble = (call: Crossing) => call.result?.outcome.kind === 'failed' || mayBeGivenUp(call)
  const before = calls.filter((call) => call.callIndex < callIndex && call.call.site.boundary !== 'model')
  return before.filter(isTrouble).length >= troublesMax
}

/** The same request, or one after the other failed that puts it in other words: with a new key, say, or as the model did. */
function isAnotherTry(failed: Crossing, other: Crossing): boolean {
  if (other.callIndex === failed.callIndex || siteName(other.call.site) !== siteName(failed.call.site)) return false
  const [first, second] = other.callIndex < failed.callIndex ? [other, failed] : [failed, other]
  const followed = first.result?.outcome.kind === 'failed' && first.resultIndex < second.callIndex
  return other.call.occurrence === failed.call.occurrence || followed
}
