/** A span of the agent's own tracing, as a trace records it and as invariants and exporters read it. */
import type { Json } from '../../faults/json.js'

/** A span's place between two parties, as OpenTelemetry's span kind has it. */
export type SpanRole = 'internal' | 'server' | 'client' | 'producer' | 'consumer'

/** How a span says that it ended. */
export type SpanStatus = 'ok' | 'error' | 'unset'

/**
 * A span of the agent's own tracing that has ended. Spans and traces are numbered from 0, in the order in which they
 * started.
 */
export interface EndedSpan {
  readonly span: number
  /** The span that this one was started under. */
  readonly parent: number | null
  readonly trace: number
  readonly name: string
  /** The instrumentation that made it. */
  readonly scope: string
  readonly role: SpanRole
  /** Virtual milliseconds since the trial began, whatever the wall clock does meanwhile. */
  readonly startMs: number
  readonly endMs: number
  readonly attributes: Readonly<Record<string, Json>>
  readonly status: SpanStatus
}
