/**
 * Whether a span's status is that of its call. A span says how the work in it ended, not each try. The agent may find
 * fault with an answer that arrived in good health. So an error is wrong only where the agent itself took the answer as
 * good.
 */
import { runsTool } from '../../contracts/boundary.js'
import { asksOf, mayBe } from '../../contracts/model-asks.js'
import { toolResultsOf } from '../../contracts/request.js'
import { reportsError } from '../../contracts/tool-error.js'
import { type Crossing, type Trace, textOfReply } from '../../contracts/trace.js'
import type { AgentAttempt } from '../reading/attempts.js'
import { covers, isIn, outlasts, type Span } from './spans.js'

export function isFailed({ result }: Crossing): boolean {
  return result?.outcome.kind === 'failed'
}

/** Whether one of the call's spans says that it failed, or holds another call that went well after all. */
export function isMarked(call: Crossing, around: readonly Span[], all: readonly Crossing[]): boolean {
  return around.some(
    (span) =>
      span.failed ||
      all.some(
        (other) =>
          other.callIndex > call.callIndex &&
          other.call.site.boundary === call.call.site.boundary &&
          !isFailed(other) &&
          isIn(span, other.call.at) &&
          outlasts(span, other),
      ),
  )
}

/**
 * Whether the call failed in a way that its span need not show. Either the caller called it off itself, which
 * OpenTelemetry's own clients take for no error, or the answer ended as a whole one does.
 */
export function hasEndedQuietly({ result }: Crossing): boolean {
  if (result?.outcome.kind !== 'failed') return false
  const { failure } = result.outcome
  switch (failure.kind) {
    case 'given-up':
      return true
    case 'lost':
      return failure.how === 'silence'
    case 'cut':
      return failure.how === 'clean-end' || failure.how === 'stall'
    default:
      return false
  }
}

/** A failed span around a call that went well and that the agent acted on as such. */
export function wronglyMarked(
  trace: Trace,
  { crossings, to }: AgentAttempt,
  spans: readonly Span[],
): { readonly span: Span; readonly call: Crossing } | undefined {
  for (const span of spans) {
    if (!span.failed || span.index === undefined) continue
    const call = crossings.findLast((candidate) => covers(span, candidate, crossings))
    if (!call || !hasGoneWell(call) || !outlasts(span, call)) continue
    const next = crossings.find(({ callIndex, call: { parent } }) => parent === null && callIndex > Number(span.index))
    const taken = runsTool(call.call.site)
      ? isReportedAsGood(span, spans, crossings)
      : next
        ? asksOf(call).some((ask) => mayBe(next, ask))
        : hasAnswer(call, trace, span.index, to)
    if (taken) return { span, call }
  }
  return undefined
}

function hasGoneWell({ result, faults }: Crossing): boolean {
  return faults.length === 0 && result?.outcome.kind === 'ok' && !reportsError(result.outcome.output)
}

/** Whether the model was handed the tool's result as a good one, and no other run of the same call explains that. */
function isReportedAsGood({ callId }: Span, spans: readonly Span[], crossings: readonly Crossing[]): boolean {
  if (callId === undefined || spans.some((other) => other.callId === callId && !other.failed)) return false
  return crossings.some(({ call: { request } }) =>
    toolResultsOf(request).some(({ id, failed, text }) => id === callId && !failed && !/error|fail/i.test(text)),
  )
}

/** Whether the agent claimed success with the model's last words. */
function hasAnswer({ result }: Crossing, { events }: Trace, after: number, until: number): boolean {
  const said = result?.reply ? textOfReply(result.reply) : ''
  const claim = events.find((event, index) => event.kind === 'claim' && index > after && index < until)
  return claim?.kind === 'claim' && claim.claim === 'success' && said !== '' && claim.result.includes(said)
}
