import { asksModel } from '../contracts/boundary.js'
import type { Invariant } from '../contracts/invariant.js'
import { isSameQuestion } from '../contracts/same-question.js'
import { agentCallsOf, type Crossing, siteName, type Trace } from '../contracts/trace.js'
import { held, inconclusive, type Verdict, vacuous, violated } from '../contracts/verdict.js'
import { adviceOf } from './reading/advice.js'
import { attemptsOf } from './reading/attempts.js'
import { hasGoneOnBeside, mayBeGivenUp } from './reading/flows.js'
import { isUnhinderedSince } from './reading/healing.js'
import { taking, wholeAtLeast } from './reading/options.js'
import { failureOf } from './reading/outcomes.js'

/** How many failures an agent must bear. */
export interface TransientErrorsRetriedOptions {
  /** An agent that has seen so many calls fail, or given them up, may stop at the next: a limit of its own was reached. */
  readonly failuresBorne?: number
}

/** Whoever is told to stay away for longer may rather give up, for otherwise it would keep somebody waiting. */
const patienceMostMs = 60_000

/** A call that failed for the moment (a 503, say) is tried again, or the goal is reached without it. */
export const transientErrorsRetried = taking(
  'transientErrorsRetried',
  { failuresBorne: wholeAtLeast(0) },
  ({ failuresBorne = 5 }: TransientErrorsRetriedOptions = {}): Invariant => ({
    name: 'transient-errors-retried',
    kind: 'liveness',
    promise: 'A call that failed for the moment (a 503, say) is tried again, or the goal is reached without it.',
    antecedent: 'A call failed with an error that would have passed, and the agent answered after that.',
    remedy: 'Retry what may pass, with back-off and a bound, before you give up.',
    example:
      'The payment service was restarting and answered one 503. The agent told the customer that the refund was not ' +
      'possible, two seconds before it would have been.',
    exemptions: {
      'asked-elsewhere': 'A question to a model was asked of another one when it had failed: that is another try.',
      hindered:
        'From that call on the agent was called off, or met a fault that was for good or not over when it answered. One that ' +
        'it met before is no excuse: it went on all the same.',
      'had-enough':
        `The agent had seen ${failuresBorne} other failures since it was started, so that a limit of its own may have been ` +
        'reached.',
      'told-to-wait': `It was told to wait for more than ${patienceMostMs / 1_000} s, by one header at least, and may give up.`,
      restart: 'The agent crashed after the error: what it had been told went with it.',
      'given-up':
        'The error came so late that the agent may have given the call up, and it did something else meanwhile.',
    },
    check: (trace) => judge(trace, failuresBorne),
  }),
)

function judge(trace: Trace, failuresBorne: number): Verdict {
  const answer = trace.events.findIndex((event) => event.kind === 'claim')
  const calls = agentCallsOf(trace)
  // What an agent knew before a crash it may not know when it is started again, nor that there is something to try again.
  const { from: since = 0, crossings: attempt = [] } = attemptsOf(trace).at(-1) ?? {}
  const passing = calls.filter(
    (call) =>
      call.callIndex >= since &&
      call.result?.outcome.kind === 'failed' &&
      call.result.outcome.class === 'transient' &&
      (adviceOf(trace, call, call.result.outcome.error).longestMs ?? 0) <= patienceMostMs &&
      call.resultIndex < answer &&
      !(mayBeGivenUp(call) && hasGoneOnBeside(call, calls)),
  )
  if (passing.length === 0) return vacuous('no call failed for the moment')
  const isTriedAgain = (call: Crossing) =>
    calls.some((other) => isAnotherTry(call, other)) || attempt.some((other) => isAskedElsewhere(call, other, attempt))
  const dropped = passing.filter((call) => !isTriedAgain(call))
  if (dropped.length === 0 || trace.goal) return held
  const free = dropped.filter(({ callIndex }) => isUnhinderedSince(trace, callIndex))
  if (free.length === 0) return vacuous('a fault had not ended when the agent did, or left it nothing to do')
  const mine = calls.filter(({ callIndex }) => callIndex >= since)
  const early = free.find((call) => failuresBefore(call, mine) < failuresBorne)
  if (!early) return vacuous('so many calls had failed by then that a limit of the agent may have been reached')
  if (trace.goal === null) return inconclusive('goal() threw')
  const site = siteName(early.call.site)
  return violated(site, `The agent gave up on ${site} after one error that would have passed.`, [early.resultIndex])
}

/** Calls that had failed for the agent when this one did; one that a fault held up it may have given up, and counted. */
function failuresBefore({ resultIndex }: Crossing, calls: readonly Crossing[]): number {
  const isFailure = (call: Crossing) => failureOf(call) !== undefined || (call.faults.length > 0 && mayBeGivenUp(call))
  return calls.filter((call) => call.callIndex < resultIndex && call.resultIndex !== resultIndex && isFailure(call))
    .length
}

/** The same request, or one after the other failed that puts it in other words: with a new key, say, or as the model did. */
function isAnotherTry(failed: Crossing, other: Crossing): boolean {
  if (other.callIndex === failed.callIndex || siteName(other.call.site) !== siteName(failed.call.site)) return false
  const [first, second] = other.callIndex < failed.callIndex ? [other, failed] : [failed, other]
  const followed = first.result?.outcome.kind === 'failed' && first.resultIndex < second.callIndex
  return other.call.occurrence === failed.call.occurrence || followed
}

/** Whether one is the question that had failed for the moment elsewhere: of what was for good, no other try would have come. */
function isAskedElsewhere(failed: Crossing, other: Crossing, attempt: readonly Crossing[]): boolean {
  if (!asksModel(other.call.site) || siteName(other.call.site) === siteName(failed.call.site)) return false
  const [first, second] = other.callIndex < failed.callIndex ? [other, failed] : [failed, other]
  const passed = first.result?.outcome.kind === 'failed' && first.result.outcome.class !== 'definite'
  return passed && first.resultIndex < second.callIndex && isSameQuestion(first, second, attempt)
}
