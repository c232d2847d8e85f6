/**
 * One trial as a trace that Jaeger and other backends read. It shows what crossed the boundaries, with the faults that
 * landed and the changes to the world as events. Beside it are the spans that the agent made itself.
 */
import type { EventOf } from '../../harness/contracts/trace.js'
import { crossingSpans } from './crossings.js'
import { attributesOf, type Ids, idsOf, type OtlpSpan, spanKinds, statusCodes, unixNano } from './json.js'
import { rootSpan } from './root.js'
import type { TracedTrial } from './traced-trial.js'

/**
 * An `ExportTraceServiceRequest` in OTLP/JSON, on one line with a line break at its end. The same trial gives the same
 * bytes. Virtual time begins on 1 January 2026.
 */
export function otlp(trial: TracedTrial): string {
  return otlpRequest([trial])
}

/** The same of several trials, a trace for each. */
export function otlpRequest(trials: readonly TracedTrial[]): string {
  return `${JSON.stringify({ resourceSpans: trials.flatMap(resourceSpans) })}\n`
}

function resourceSpans(trial: TracedTrial): unknown[] {
  const ids = idsOf(trial.digest)
  const spans = trial.events.filter((event) => event.kind === 'span')
  const scopes = [...new Set(spans.map(({ scope }) => scope))]
  const agent = scopes.map((name) => ({
    scope: { name },
    spans: spans.filter(({ scope }) => scope === name).map((span) => agentSpan(span, spans, ids)),
  }))
  const boundaries = [rootSpan(trial, ids), ...crossingSpans(trial.events, ids)]
  return [
    resource('agent-chaos', [{ scope: { name: 'agent-chaos', version: trial.version }, spans: boundaries }]),
    ...(agent.length > 0 ? [resource(trial.scenario, agent)] : []),
  ]
}

function resource(service: string, scopeSpans: readonly unknown[]) {
  return { resource: { attributes: attributesOf({ 'service.name': service }) }, scopeSpans }
}

/** Below the trial where nothing of the agent's own is above it; the agent's own trace stays as an attribute. */
function agentSpan(span: EventOf<'span'>, all: readonly EventOf<'span'>[], ids: Ids): OtlpSpan {
  const { parent } = span
  const isShown = parent !== null && all.some((other) => other.span === parent)
  return {
    traceId: ids.trace,
    spanId: ids.span(span.span),
    parentSpanId: isShown ? ids.span(parent) : ids.root,
    name: span.name,
    kind: spanKinds[span.role],
    startTimeUnixNano: unixNano(span.startMs),
    endTimeUnixNano: unixNano(span.endMs),
    attributes: attributesOf({
      ...span.attributes,
      'agent_chaos.agent.trace': span.trace,
      'agent_chaos.agent.orphaned': parent !== null && !isShown ? true : undefined,
    }),
    events: [],
    status: span.status === 'unset' ? {} : { code: statusCodes[span.status] },
  }
}
