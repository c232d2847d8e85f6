/** The span of a trial as a whole: what was run, what the agent made of it, and every verdict as an event. */
import type { TraceEvent } from '../../harness/contracts/trace.js'
import type { Verdict } from '../../harness/contracts/verdict.js'
import { errorText } from '../reading/preview.js'
import {
  attributesOf,
  type Ids,
  type OtlpSpan,
  type SpanEvent,
  spanEvent,
  spanKinds,
  statusCodes,
  unixNano,
} from './json.js'
import type { TracedTrial } from './traced-trial.js'

export function rootSpan({ events, judgements, ...trial }: TracedTrial, ids: Ids): OtlpSpan {
  const { scenario, seed, plan, digest, end, claim, goal } = trial
  const broken = judgements.find(({ verdict }) => verdict.kind === 'violated')
  const endMs = endOf(events)
  return {
    traceId: ids.trace,
    spanId: ids.root,
    name: `trial ${scenario}`,
    kind: spanKinds.internal,
    startTimeUnixNano: unixNano(0),
    endTimeUnixNano: unixNano(endMs),
    attributes: attributesOf({
      'agent_chaos.scenario': scenario,
      'agent_chaos.seed': seed,
      'agent_chaos.plan': plan,
      'agent_chaos.digest': digest,
      'agent_chaos.end': end,
      'agent_chaos.claim': claim,
      'agent_chaos.goal': goal,
    }),
    events: inOrder([
      ...events.flatMap((event) => milestone(event) ?? []),
      ...judgements.map(({ invariant, verdict }) => evaluation(invariant, verdict, events, endMs)),
    ]),
    status:
      broken?.verdict.kind === 'violated'
        ? { code: statusCodes.error, message: `${broken.invariant}: ${broken.verdict.story}` }
        : {},
  }
}

/** What happened outside any crossing. */
function milestone(event: TraceEvent): SpanEvent | undefined {
  switch (event.kind) {
    case 'restart':
      return spanEvent(event.at, 'restart', { 'agent_chaos.attempt': event.attempt })
    case 'claim':
      return spanEvent(event.at, 'claim', {
        'agent_chaos.claim': event.claim,
        'agent_chaos.result': event.error ? errorText(event.error) : event.result,
      })
    case 'unhandled':
      return spanEvent(event.at, `unhandled ${event.how}`, { 'agent_chaos.error': errorText(event.error) })
    case 'stray-request':
      return spanEvent(event.at, 'stray request', { 'http.request.method': event.method, 'url.full': event.url })
    case 'cancel':
      return spanEvent(event.at, 'cancel', {})
    case 'breaker':
      return spanEvent(event.at, `breaker ${event.event}`, { 'agent_chaos.breaker': event.breaker })
    case 'left-running':
      return spanEvent(event.at, 'left running', {
        'agent_chaos.left_running': event.what,
        'agent_chaos.left_running.count': event.count,
      })
    case 'end':
      return spanEvent(event.at, 'end', { 'agent_chaos.end': event.end.kind })
    case 'call':
    case 'fault':
    case 'return':
    case 'effect':
    case 'span':
      return undefined
  }
}

const scores: Partial<Record<Verdict['kind'], number>> = { held: 1, violated: 0 }

/** A verdict, by the conventions for evaluations; at the time of the last event that shows it. */
function evaluation(invariant: string, verdict: Verdict, events: readonly TraceEvent[], endMs: number): SpanEvent {
  const [shown, why] =
    verdict.kind === 'violated'
      ? [verdict.evidence.map((index) => events[index]?.at ?? 0), verdict.story]
      : [[], 'because' in verdict ? verdict.because : undefined]
  return spanEvent(shown.length > 0 ? Math.max(...shown) : endMs, 'gen_ai.evaluation.result', {
    'gen_ai.evaluation.name': invariant,
    'gen_ai.evaluation.score.value': scores[verdict.kind],
    'gen_ai.evaluation.score.label': verdict.kind,
    'gen_ai.evaluation.explanation': why,
  })
}

/** Work that was drained after the end of one may last longer than it. */
export function endOf(events: readonly TraceEvent[]): number {
  return events.reduce((latest, { at }) => Math.max(latest, at), 0)
}

function inOrder(events: readonly SpanEvent[]): SpanEvent[] {
  return events.toSorted((a, b) => Number(BigInt(a.timeUnixNano) - BigInt(b.timeUnixNano)))
}
