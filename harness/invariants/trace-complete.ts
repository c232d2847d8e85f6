/**
 * An agent's own tracing set against what really happened: what its operators do not see, they cannot mend. The spans
 * come with the world's final state, where the agent's exporter put them.
 */
import type { Invariant } from '../invariant.js'
import { type Crossing, siteName, type Trace } from '../trace.js'
import { held, inconclusive, type Verdict, vacuous, violated } from '../verdict.js'
import { livesOf } from './lives.js'
import { covers, isSpanFacts, type Span, type SpanFacts, spansOf } from './spans.js'
import { clockMoved } from './wall-time.js'

export interface TraceCompleteOptions {
  /** Where the spans are; by default `state.spans`. Called with the world's final state, which it must not change. */
  spans?(state: unknown): readonly SpanFacts[] | undefined
}

export const traceComplete = ({ spans = spansInState }: TraceCompleteOptions = {}): Invariant => ({
  name: 'trace-complete',
  kind: 'safety',
  promise: 'Every model call and every tool run has a finished span of its own in the trace, and a failed one says so.',
  antecedent:
    'The agent called a model or a tool and came to act on the end of it. Calls in flight at a crash or at the end are ' +
    'exempt, and all of them where the wall clock jumped.',
  example:
    'The span was ended in the line after the call, and not where the call failed. In the trace of a bad night, all ' +
    'that had gone wrong was missing.',
  check: (trace, state) => {
    const facts = spans(state)
    if (!Array.isArray(facts)) return inconclusive('there are no spans: state.spans is no array')
    const bad = facts.findIndex((fact) => !isSpanFacts(fact))
    if (bad >= 0) return inconclusive(`span ${bad} is not { name, attributes, startMs, endMs, status }`)
    if (clockMoved(trace)) return vacuous('the wall clock jumped, and spans are timed by it')
    const calls = judgedCalls(trace)
    if (calls.length === 0) return vacuous('no call ended that a span could be asked for')
    return judge(calls, spansOf(facts))
  },
})

function spansInState(state: unknown): readonly SpanFacts[] | undefined {
  if (typeof state !== 'object' || state === null || !('spans' in state)) return undefined
  return state.spans as readonly SpanFacts[] | undefined
}

/**
 * Calls of the agent's own that ended before it answered. In a life that did not come to an answer, only those after
 * which the model was called once more: what the agent had not come to act on may still have had its span open.
 */
function judgedCalls(trace: Trace): Crossing[] {
  const claim = trace.events.findIndex((event) => event.kind === 'claim')
  return livesOf(trace).flatMap(({ to, crossings }) => {
    const answered = claim >= 0 && claim < to
    const lastModelCall = crossings.findLast(({ call }) => call.site.boundary === 'model')?.callIndex ?? -1
    const until = answered ? claim : lastModelCall
    return crossings.filter(
      ({ call, resultIndex }) =>
        (call.site.boundary === 'model' || (call.site.boundary === 'tool' && call.parent === null)) &&
        resultIndex >= 0 &&
        resultIndex < until,
    )
  })
}

function judge(calls: readonly Crossing[], spans: readonly Span[]): Verdict {
  const answered = calls.filter(({ call, result }) => call.site.boundary === 'model' && result?.outcome.kind === 'ok')
  const unseen =
    calls.find((call) => !spans.some((span) => covers(span, call, calls))) ?? firstWithoutOwn(answered, spans)
  if (unseen) {
    const site = siteName(unseen.call.site)
    return violated(`missing:${site}`, `A call to ${site} has no finished span of its own in the agent's trace.`, [
      unseen.callIndex,
      unseen.resultIndex,
    ])
  }
  const unmarked = calls.find((call) => isFailed(call) && !isMarked(call, calls, spans))
  if (!unmarked) return held
  const site = siteName(unmarked.call.site)
  return violated(`unmarked:${site}`, `A call to ${site} failed, and its span in the agent's trace does not say so.`, [
    unmarked.callIndex,
    unmarked.resultIndex,
  ])
}

/**
 * The first answered model call that is left without a span when each gets one for itself. One span may hold any number
 * of failed attempts, but two answers are two calls.
 */
function firstWithoutOwn(calls: readonly Crossing[], spans: readonly Span[]): Crossing | undefined {
  const owner = new Map<Span, Crossing>()
  const claim = (call: Crossing, tried: Set<Span>): boolean => {
    for (const span of spans) {
      if (tried.has(span) || !covers(span, call, calls)) continue
      tried.add(span)
      const before = owner.get(span)
      if (before && !claim(before, tried)) continue
      owner.set(span, call)
      return true
    }
    return false
  }
  return calls.find((call) => !claim(call, new Set()))
}

function isFailed({ result }: Crossing): boolean {
  return result?.outcome.kind === 'failed'
}

/** Whether a span of the call's says that it failed, or holds another call that went well after all. */
function isMarked(call: Crossing, calls: readonly Crossing[], spans: readonly Span[]): boolean {
  return spans.some(
    (span) =>
      covers(span, call, calls) &&
      (span.failed ||
        calls.some(
          (other) =>
            other.callIndex > call.callIndex &&
            other.call.site.boundary === call.call.site.boundary &&
            !isFailed(other) &&
            span.from <= other.call.at &&
            span.to >= (other.result?.at ?? other.call.at),
        )),
  )
}
