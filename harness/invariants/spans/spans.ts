/**
 * Spans of an agent's tracing, and which call each of them is about. They are read by the conventions of OpenTelemetry
 * for generative AI: `gen_ai.operation.name`, `gen_ai.request.model`, `gen_ai.tool.name`, `error.type`.
 */
import type { Site } from '../../../faults/site.js'
import { isSpannedBy, spanTargetOf } from '../../contracts/boundary.js'
import type { SpanStatus } from '../../contracts/span.js'
import type { Crossing, EventOf, TraceEvent } from '../../contracts/trace.js'
import { trialEpochMs } from '../reading/wall-time.js'

/** A span of the agent's own tracing, as plain data. */
export interface SpanFacts {
  readonly name: string
  readonly attributes: Readonly<Record<string, unknown>>
  /** Milliseconds since 1970 by the trial's wall clock, or since the trial began. */
  readonly startMs: number
  /** `null` while it has not ended. */
  readonly endMs: number | null
  readonly status: SpanStatus
}

/** A finished span; times in virtual milliseconds since the trial began. */
export interface Span {
  readonly name: string
  /** What it is about; `undefined` where it does not say. */
  readonly about: 'call' | 'agent' | undefined
  /** By the conventions: `chat`, `execute_tool`. */
  readonly operation: string
  /** The model or the tool. */
  readonly target: string
  readonly from: number
  readonly to: number
  readonly failed: boolean
  /** The id of the model's tool call, and what kind of error it says it ended with. */
  readonly callId: unknown
  readonly errorType: unknown
  /** The event by which it ended, and where that stands in the trace; `undefined` of one that the agent kept itself. */
  readonly event: EventOf<'span'> | undefined
  readonly index: number | undefined
}

export function isSpanFacts(value: unknown): value is SpanFacts {
  if (typeof value !== 'object' || value === null) return false
  const { name, attributes, startMs, endMs, status } = value as Record<string, unknown>
  return (
    typeof name === 'string' &&
    typeof attributes === 'object' &&
    attributes !== null &&
    typeof startMs === 'number' &&
    (endMs === null || endMs === undefined || typeof endMs === 'number') &&
    (status === 'ok' || status === 'error' || status === 'unset')
  )
}

/** Those that have ended, of all that the agent kept itself. */
export function keptSpans(facts: readonly SpanFacts[]): Span[] {
  return facts.flatMap((span) => {
    const { startMs, endMs } = span
    return typeof endMs === 'number' ? [asSpan(span, sinceStart(startMs), sinceStart(endMs))] : []
  })
}

/** Those that ended between two places in a trace. */
export function capturedSpans(events: readonly TraceEvent[], from: number, to: number): Span[] {
  return events.slice(from, to).flatMap((event, offset) => {
    if (event.kind !== 'span') return []
    return [{ ...asSpan(event, event.startMs, event.endMs), event, index: from + offset }]
  })
}

const agentOperations: readonly string[] = ['invoke_agent', 'invoke_workflow']

/** A target that no attribute names is taken from the span's name. */
function asSpan({ name, attributes, status }: SpanFacts, from: number, to: number): Span {
  const operation = String(attributes['gen_ai.operation.name'])
  const targetIn = spanTargetOf(operation)
  const about = targetIn !== undefined ? 'call' : agentOperations.includes(operation) ? 'agent' : undefined
  const named = targetIn && attributes[targetIn]
  const target = typeof named === 'string' ? named : name.slice(name.indexOf(' ') + 1)
  const errorType = attributes['error.type']
  const failed = status === 'error' || Boolean(errorType)
  const callId = attributes['gen_ai.tool.call.id']
  return { name, about, operation, target, from, to, failed, callId, errorType, event: undefined, index: undefined }
}

function sinceStart(ms: number): number {
  return ms >= trialEpochMs / 2 ? ms - trialEpochMs : ms
}

/** Clocks in whole milliseconds may be off by one at either end. */
const roundingMs = 1

/**
 * Whether the span is about the call and goes from before it to its end. One that the caller gave up on may end later
 * than its span. The span says that it failed, or a call to the same target began in it after the one that was given
 * up.
 */
export function covers(span: Span, crossing: Crossing, calls: readonly Crossing[]): boolean {
  const { call, callIndex } = crossing
  return (
    isAbout(span, call.site) &&
    isIn(span, call.at) &&
    (span.failed ||
      outlasts(span, crossing) ||
      calls.some((later) => later.callIndex > callIndex && isAbout(span, later.call.site) && isIn(span, later.call.at)))
  )
}

/** Whether the span ended when the call had: by its time, and by its place in the trace where it has one. */
export function outlasts({ to, index }: Span, { call, result, resultIndex }: Crossing): boolean {
  return to + roundingMs >= (result?.at ?? call.at) && (index === undefined || index > resultIndex)
}

export function isIn({ from, to }: Span, at: number): boolean {
  return from <= at + roundingMs && to + roundingMs >= at
}

function isAbout({ operation, target }: Span, site: Site): boolean {
  return site.target === target && isSpannedBy(site, operation)
}
