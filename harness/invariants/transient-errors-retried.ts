import type { Invariant } from '../invariant.js'
import { type Crossing, crossingsOf, healed, siteName } from '../trace.js'
import { held, vacuous, violated } from '../verdict.js'

export const transientErrorsRetried = (): Invariant => ({
  name: 'transient-errors-retried',
  kind: 'liveness',
  promise: 'A call that failed for the moment (a 503, say) is tried again, or the goal is reached without it.',
  antecedent: 'A call failed with an error that would have passed, and the faults ended before the agent answered.',
  example:
    'The payment service was restarting and answered one 503. The agent told the customer that the refund was not ' +
    'possible, two seconds before it would have been.',
  check: (trace) => {
    const crossings = crossingsOf(trace).filter(({ call }) => call.parent === null)
    const passing = crossings.filter(
      ({ result }) => result?.outcome.kind === 'failed' && result.outcome.class === 'transient',
    )
    if (passing.length === 0) return vacuous('no call failed for the moment')
    if (!healed(trace)) return vacuous('the faults had not ended when the agent did')
    const dropped = passing.find((crossing) => !crossings.some((other) => isAnotherTry(crossing, other)))
    if (!dropped || trace.goal) return held
    const site = siteName(dropped.call.site)
    return violated(site, `The agent gave up on ${site} after one error that would have passed.`, [dropped.resultIndex])
  },
})

function isAnotherTry(crossing: Crossing, other: Crossing): boolean {
  return (
    other.callIndex !== crossing.callIndex &&
    siteName(other.call.site) === siteName(crossing.call.site) &&
    other.call.occurrence === crossing.call.occurrence
  )
}
