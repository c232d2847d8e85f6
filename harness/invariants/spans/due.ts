/**
 * Which calls can be asked for a span. Apart, because a span says of a whole piece of work how it ended. In an attempt that
 * was cut short, the trace alone must tell which pieces had come to their end.
 */
import { asksModel, hasSpan, isAgentsOwn, runsTool } from '../../contracts/boundary.js'
import { asksOf, mayBe } from '../../contracts/model-asks.js'
import { toolResultsOf } from '../../contracts/request.js'
import { reportsError } from '../../contracts/tool-error.js'
import { type Crossing, siteName, type Trace } from '../../contracts/trace.js'
import type { AgentAttempt } from '../reading/attempts.js'
import { givenUpFrom, isHeard, mayBeGivenUp, othersUnderWay } from '../reading/flows.js'
import { isFailed } from './status.js'

/**
 * Calls of the agent's own that ended before it answered. In an attempt that did not come to an answer, only those count
 * which the agent has shown to be done with. What it had not come to act on may still have had its span open.
 */
export function judgedCalls(trace: Trace, attempt: AgentAttempt): Crossing[] {
  const { crossings } = attempt
  const claim = isAnswered(trace, attempt) ? trace.events.findIndex((event) => event.kind === 'claim') : undefined
  return crossings.filter((crossing) => {
    const { call, result, resultIndex } = crossing
    const isAsked = hasSpan(call.site) && isAgentsOwn(call)
    if (!isAsked || !result || mayBeRedelivered(crossing, crossings)) return false
    return claim === undefined ? isDoneWith(crossing, crossings) : resultIndex < claim
  })
}

/**
 * Whether the model was asked something new after the call, and not the same again. Also whether what failed had come
 * to an end before that: a call like it went well, or the model was told of a failure. Until then it may be tried
 * again.
 */
function isDoneWith(crossing: Crossing, crossings: readonly Crossing[]): boolean {
  const { call, result, resultIndex } = crossing
  const next = crossings.findLast(({ call, callIndex }) => callIndex > resultIndex && asksAnew(call))
  if (!next || !result) return false
  const between = crossings.filter(({ callIndex }) => callIndex > resultIndex && callIndex < next.callIndex)
  const isEnd = (later: Crossing) =>
    later.call.site.boundary === call.site.boundary && later.result?.outcome.kind === 'ok'
  const isReported = ({ call: { request } }: Crossing) => toolResultsOf(request).some(({ failed }) => failed)
  const isTool = runsTool(call.site)
  if (isFailed(crossing) && !between.some(isEnd) && !(isTool && [...between, next].some(isReported))) return false
  // Beside other flows, what another one did within that instant does not say that this one had come to act.
  return result.at < next.call.at || othersUnderWay(crossing, crossings) === 0
}

function asksAnew({ site, attempt }: Crossing['call']): boolean {
  return asksModel(site) && attempt === 1
}

/** The agent answers once, so the attempt in which it did is the last. */
export function isAnswered({ events }: Trace, { from, to }: AgentAttempt): boolean {
  return events.some((event, index) => event.kind === 'claim' && index >= from && index < to)
}

/**
 * Calls of which no two may share a span. One span may hold any number of failed attempts. The same question may be put
 * again where the answer was of no use. And a tool may ask several times for what the model asked once. But the answers
 * to two questions are two calls, and so are two asks for a tool. `all` are the crossings of the attempt, judged or not.
 */
export function ownSpanDue(calls: readonly Crossing[], all: readonly Crossing[]): Crossing[] {
  const well = calls.filter((call) => !isFailed(call))
  const answers = well.filter(({ call }) => asksModel(call.site))
  const answered = [...new Map(answers.map((answer) => [answer.call.identity, answer])).values()]
  const runs = new Set<Crossing>()
  for (const reply of answered) {
    const next = calls.find(({ call, callIndex }) => asksModel(call.site) && callIndex > reply.resultIndex)
    const until = next?.callIndex ?? Number.POSITIVE_INFINITY
    const own = well.filter(
      (run) =>
        run.callIndex > reply.resultIndex &&
        run.callIndex < until &&
        !isInner(run, well) &&
        !mayBeTriedAgain(run, well, all),
    )
    for (const ask of asksOf(reply)) {
      const run = own.find((run) => !runs.has(run) && mayBe(run, ask))
      if (run) runs.add(run)
    }
  }
  return [...answered, ...runs]
}

/** Whether it may be what the world ran once more, or only later, within a tool that was made a boundary twice. */
function mayBeRedelivered(run: Crossing, all: readonly Crossing[]): boolean {
  return all.some(
    (earlier) =>
      earlier.callIndex < run.callIndex &&
      isSameCall(earlier, run) &&
      earlier.faults.some(({ actions }) => actions.includes('repeat') || actions.includes('late')),
  )
}

/**
 * Whether the same was called since, because it answered with an error in place of failing, or took too long to be waited
 * for: one span may hold both. Where the agent did not go on with what came, it may have come too late.
 */
function mayBeTriedAgain(run: Crossing, well: readonly Crossing[], all: readonly Crossing[]): boolean {
  const { result, resultIndex } = run
  const isError = result?.outcome.kind === 'ok' && reportsError(result.outcome.output)
  const mayComeLate = mayBeGivenUp(run) && !isHeard(run, all)
  return well.some((later) => {
    if (!isSameCall(run, later) || later.callIndex <= run.callIndex) return false
    if (isError && later.callIndex > resultIndex) return true
    const isMeanwhile = mayBeGivenUp(run) && later.callIndex < resultIndex
    return (mayComeLate || isMeanwhile) && later.call.at >= givenUpFrom(run)
  })
}

/** Whether it is what a tool that was made a boundary twice does on its way through the second. */
function isInner(run: Crossing, all: readonly Crossing[]): boolean {
  return all.some(
    (outer) => outer.callIndex < run.callIndex && outer.resultIndex > run.resultIndex && isSameCall(outer, run),
  )
}

function isSameCall({ call }: Crossing, other: Crossing): boolean {
  return siteName(call.site) === siteName(other.call.site) && call.identity === other.call.identity
}
