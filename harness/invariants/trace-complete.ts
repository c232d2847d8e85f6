/**
 * An agent's own tracing set against what really happened: what its operators do not see, they cannot fix. By default
 * the spans are those that came through the global API of OpenTelemetry while the trial ran.
 */

import type { Invariant } from '../contracts/invariant.js'
import { type Crossing, crossingsOf, siteName, type Trace } from '../contracts/trace.js'
import { held, inconclusive, type Verdict, vacuous, violated } from '../contracts/verdict.js'
import { type AgentAttempt, attemptsOf } from './reading/attempts.js'
import { functionOf, taking } from './reading/options.js'
import { clockMoved } from './reading/wall-time.js'
import { isAnswered, judgedCalls, ownSpanDue } from './spans/due.js'
import { capturedSpans, covers, isIn, isSpanFacts, keptSpans, type Span, type SpanFacts } from './spans/spans.js'
import { hasEndedQuietly, isFailed, isMarked, wronglyMarked } from './spans/status.js'
import { looseIn } from './spans/trees.js'

/** Where the agent's spans are. */
export interface TraceCompleteOptions {
  /**
   * Where the spans are, for an agent that keeps them itself and not by the global API. Called with the world's final
   * state, which it must not change. Whether they hang together cannot be told of these.
   */
  spans?(state: unknown): readonly SpanFacts[] | undefined
}

/** Every model call and every tool run has a finished span of its own, with the right status, in one trace. */
export const traceComplete = taking(
  'traceComplete',
  { spans: functionOf('the state') },
  ({ spans }: TraceCompleteOptions = {}): Invariant => ({
    name: 'trace-complete',
    kind: 'safety',
    promise:
      'Every model call and every tool run has a finished span of its own. It is named by the conventions for generative ' +
      'AI and has the right status. All of them hang together in one trace.',
    antecedent: 'The agent called a model or a tool and came to act on the end of it.',
    remedy: 'Open a span around each call of the model and of tools, and end it with the error where it fails.',
    example:
      'The span was ended in the line after the call, and not where the call failed. In the trace of a bad night, all ' +
      'that had gone wrong was missing.',
    exemptions: {
      'cut-short':
        'The attempt of the agent ended in a crash, or without an answer, before it had shown that it was done with the call: ' +
        'its span may still have been open.',
      'after-the-answer': 'The call ended when the agent had answered.',
      'not-its-own': 'The call happened inside a tool.',
      'given-up':
        'The span of a call that the agent waited for no longer may end before it, if the span failed or holds another try.',
      redelivered: 'The network ran an equal call once more, or late.',
      'ended-quietly': 'Of the status: the caller called it off itself, or the answer ended as a whole one does.',
      'tried-again': 'Of the status: another call went well inside the same span.',
      'several-traces': 'Of the one trace: something holds the calls of each task together.',
      'clock-jump': 'Where the agent keeps its spans itself: the wall clock had jumped before the call ended.',
    },
    needs: spans ? [] : ['spans'],
    check: (trace, state) => (spans ? checkKept(trace, spans(state)) : checkCaptured(trace)),
  }),
)

const nothingAsked = vacuous('no call ended that a span could be asked for')

function checkCaptured(trace: Trace): Verdict {
  const attempts = attemptsOf(trace).map((attempt) => ({
    attempt,
    calls: judgedCalls(trace, attempt),
    spans: capturedSpans(trace.events, attempt.from, attempt.to),
  }))
  const calls = attempts.flatMap((attempt) => attempt.calls)
  const [first] = calls
  if (!first) return nothingAsked
  if (attempts.every(({ spans }) => spans.length === 0)) {
    const story = 'Calls ended, and not one span of them came through the global API of OpenTelemetry.'
    return violated('untraced', story, [first.callIndex, first.resultIndex])
  }
  for (const { attempt, calls, spans } of attempts) {
    const around = aroundEach(calls, spans, attempt.crossings)
    const verdict =
      judgeCalls(around, spans, attempt.crossings) ??
      judgeStatus(trace, attempt, spans) ??
      judgeTree(trace, attempt, around, spans)
    if (verdict) return verdict
  }
  return held
}

function checkKept(trace: Trace, facts: readonly SpanFacts[] | undefined): Verdict {
  if (!Array.isArray(facts)) return inconclusive('there are no spans: spans() gave no array')
  const bad = facts.findIndex((fact) => !isSpanFacts(fact))
  if (bad >= 0) return inconclusive(`span ${bad} is not { name, attributes, startMs, endMs, status }`)
  const ended = attemptsOf(trace).flatMap((attempt) => judgedCalls(trace, attempt))
  if (ended.length === 0) return nothingAsked
  const calls = ended.filter(({ resultIndex }) => !clockMoved(trace, resultIndex))
  if (calls.length === 0) return vacuous('the wall clock had jumped, and spans are timed by it')
  const kept = keptSpans(facts)
  const all = crossingsOf(trace)
  return judgeCalls(aroundEach(calls, kept, all), kept, all) ?? held
}

/** The calls that are judged, each with the spans around it. */
type Around = ReadonlyMap<Crossing, readonly Span[]>

/** `all` are the crossings of the attempt, whether or not they are judged: what a span holds beside its call tells of it too. */
function aroundEach(calls: readonly Crossing[], spans: readonly Span[], all: readonly Crossing[]): Around {
  return new Map(calls.map((call) => [call, spans.filter((span) => covers(span, call, all))]))
}

function judgeCalls(around: Around, spans: readonly Span[], all: readonly Crossing[]): Verdict | undefined {
  const calls = [...around.keys()]
  const spansOf = (call: Crossing) => around.get(call) ?? []
  const unseen = calls.find((call) => spansOf(call).length === 0) ?? firstWithoutOwn(ownSpanDue(calls, all), spansOf)
  if (unseen) return missing(unseen, spans)
  const failed = calls.filter((call) => isFailed(call) && !hasEndedQuietly(call))
  const unmarked = failed.find((call) => !isMarked(call, spansOf(call), all))
  if (unmarked) return about('unmarked', unmarked, "failed, and its span in the agent's trace does not say so")
  const untyped = failed.find((call) => {
    const marked = spansOf(call).filter((span) => span.failed && span.event)
    return marked.length > 0 && marked.every(({ errorType }) => !errorType)
  })
  return untyped && about('untyped', untyped, 'failed, and its span does not say how, in error.type')
}

function judgeStatus(trace: Trace, attempt: AgentAttempt, spans: readonly Span[]): Verdict | undefined {
  const wrong = wronglyMarked(trace, attempt, spans)
  return (
    wrong && about('mismarked', wrong.call, 'went well and was acted on, yet its span says that it failed', wrong.span)
  )
}

const looseWords = {
  orphaned: 'has its span below one that never ended, so that no trace shows where it belongs',
  scattered: 'has its span in a trace apart from the rest of the work',
} as const

function judgeTree(trace: Trace, attempt: AgentAttempt, around: Around, spans: readonly Span[]): Verdict | undefined {
  const owners = new Map([...around].flatMap(([call, own]) => own.map((span) => [span, call] as const)))
  const isCutShort = !isAnswered(trace, attempt) || attempt.crossings.some(({ result }) => !result)
  const loose = looseIn([...owners.keys()], spans, isCutShort)
  const call = loose && owners.get(loose.span)
  return call && about(loose.how, call, looseWords[loose.how], loose.span)
}

function about(signature: string, { call, callIndex, resultIndex }: Crossing, says: string, span?: Span): Verdict {
  const site = siteName(call.site)
  const shown = span?.index === undefined ? [] : [span.index]
  return violated(`${signature}:${site}`, `A call to ${site} ${says}.`, [callIndex, resultIndex, ...shown])
}

function missing(crossing: Crossing, spans: readonly Span[]): Verdict {
  const { call } = crossing
  const nameless = spans.find((span) => !span.about && span.name.includes(call.site.target) && isIn(span, call.at))
  const hint = nameless ? `; "${nameless.name}" around it does not say what it is, in gen_ai.operation.name` : ''
  return about('missing', crossing, `has no finished span of its own in the agent's trace${hint}`)
}

/** The first call that is left without a span when each gets one for itself. */
function firstWithoutOwn(
  calls: readonly Crossing[],
  spansOf: (call: Crossing) => readonly Span[],
): Crossing | undefined {
  const owner = new Map<Span, Crossing>()
  const claim = (call: Crossing, tried: Set<Span>): boolean => {
    for (const span of spansOf(call)) {
      if (tried.has(span)) continue
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
