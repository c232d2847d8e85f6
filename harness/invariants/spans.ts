/**
 * Spans as an agent's tracing hands them over, read by the conventions of OpenTelemetry for generative AI
 * (`gen_ai.operation.name`, `gen_ai.request.model`, `gen_ai.tool.name`, `error.type`).
 */
import type { Site } from '../../faults/site.js'
import type { Crossing } from '../trace.js'
import { trialEpochMs } from './wall-time.js'

/** A span of the agent's own tracing, as plain data. */
export interface SpanFacts {
  readonly name: string
  readonly attributes: Readonly<Record<string, unknown>>
  /** Milliseconds since 1970 by the trial's wall clock, or since the trial began. */
  readonly startMs: number
  /** `null` while it has not ended. */
  readonly endMs: number | null
  readonly status: 'ok' | 'error' | 'unset'
}

/** A finished span; times in virtual milliseconds since the trial began. */
export interface Span {
  readonly operation: 'chat' | 'execute_tool'
  /** The model or the tool. */
  readonly target: string
  readonly from: number
  readonly to: number
  readonly failed: boolean
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

/** The finished spans of model calls and tool runs. A target that no attribute names is taken from the span's name. */
export function spansOf(facts: readonly SpanFacts[]): Span[] {
  return facts.flatMap(({ name, attributes, startMs, endMs, status }) => {
    const operation = attributes['gen_ai.operation.name']
    if (typeof endMs !== 'number' || (operation !== 'chat' && operation !== 'execute_tool')) return []
    const named = attributes[operation === 'chat' ? 'gen_ai.request.model' : 'gen_ai.tool.name']
    const target = typeof named === 'string' ? named : name.slice(name.indexOf(' ') + 1)
    const failed = status === 'error' || Boolean(attributes['error.type'])
    return [{ operation, target, from: sinceStart(startMs), to: sinceStart(endMs), failed }]
  })
}

function sinceStart(ms: number): number {
  return ms >= trialEpochMs / 2 ? ms - trialEpochMs : ms
}

/** Clocks in whole milliseconds may be off by one at either end. */
const roundingMs = 1

/**
 * Whether the call happened inside the span. One that the caller gave up on may end later than its span: the span says
 * that it failed, or a call to the same target began in it after the one that was given up.
 */
export function covers(span: Span, { call, callIndex, result }: Crossing, calls: readonly Crossing[]): boolean {
  return (
    isOf(span, call.site) &&
    isIn(span, call.at) &&
    (span.failed ||
      span.to + roundingMs >= (result?.at ?? call.at) ||
      calls.some((later) => later.callIndex > callIndex && isOf(span, later.call.site) && isIn(span, later.call.at)))
  )
}

function isOf({ operation, target }: Span, site: Site): boolean {
  return site.target === target && site.boundary === (operation === 'chat' ? 'model' : 'tool')
}

function isIn({ from, to }: Span, at: number): boolean {
  return from <= at + roundingMs && to + roundingMs >= at
}
