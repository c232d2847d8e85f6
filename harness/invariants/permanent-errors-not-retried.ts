import type { Invariant } from '../contracts/invariant.js'
import { agentCallsOf, type Crossing, siteName, type Trace } from '../contracts/trace.js'
import { held, vacuous, violated } from '../contracts/verdict.js'
import { mayBeGivenUp } from './reading/flows.js'

/** A call that failed for good (a 400, say) is not made again unchanged by the agent itself. */
export const permanentErrorsNotRetried = (): Invariant => ({
  name: 'permanent-errors-not-retried',
  kind: 'safety',
  promise: 'A call that failed for good (a 400, say) is not made again unchanged by the agent itself.',
  antecedent:
    'A call failed with an error that says that it will never succeed, soon enough to be heard. The ' +
    'model asking again is exempt, and so is an agent that crashed in between.',
  example:
    'The tool answered 400: no such order. The agent took every error for a hiccup, called again with the same order ' +
    'five times, and then blamed the service.',
  check: (trace) => {
    const calls = agentCallsOf(trace)
    const refused = calls.filter(
      (call) =>
        call.result?.outcome.kind === 'failed' && call.result.outcome.class === 'definite' && !mayBeGivenUp(call),
    )
    if (refused.length === 0) return vacuous('no call failed for good')
    for (const crossing of refused) {
      const again = calls.find((later) => isRetry(crossing, later) && !isExcused(trace, crossing, later))
      if (again) {
        const site = siteName(again.call.site)
        return violated(site, `The agent made the same call to ${site} again after an error that is for good.`, [
          crossing.resultIndex,
          again.callIndex,
        ])
      }
    }
    return held
  },
})

function isRetry(earlier: Crossing, later: Crossing): boolean {
  return (
    later.callIndex > earlier.resultIndex &&
    siteName(later.call.site) === siteName(earlier.call.site) &&
    later.call.occurrence === earlier.call.occurrence
  )
}

/**
 * Whether the model answered in between, so that asking again was its idea and not the agent's. Or the agent crashed,
 * and what it had been told went with it.
 */
function isExcused(trace: Trace, earlier: Crossing, later: Crossing): boolean {
  return trace.events
    .slice(earlier.resultIndex + 1, later.callIndex)
    .some(
      (event) =>
        event.kind === 'restart' ||
        (event.kind === 'return' && event.reply !== undefined && event.outcome.kind === 'ok'),
    )
}
