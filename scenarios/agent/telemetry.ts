/**
 * A span for every question to the model and every run of a tool, by the conventions that OpenTelemetry has for
 * generative AI. Nothing is registered globally: each run has a provider of its own and hands its spans on as they end.
 */
import { type Attributes, type Span, SpanStatusCode, type Tracer } from '@opentelemetry/api'
import { BasicTracerProvider, type ReadableSpan, type SpanProcessor } from '@opentelemetry/sdk-trace-base'
import { codeOf } from './failure.js'

/** A span as plain data; times are milliseconds since the epoch. */
export interface SpanFacts {
  readonly name: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly startMs: number
  readonly endMs: number
  readonly status: 'ok' | 'error'
}

export class Telemetry {
  readonly #tracer: Tracer

  /** `onSpan` is told of each span when it has ended. */
  constructor(onSpan: (span: SpanFacts) => void) {
    this.#tracer = new BasicTracerProvider({ spanProcessors: [handingTo(onSpan)] }).getTracer('agent')
  }

  /** A question to the model. */
  chat<T>(model: string, work: (span: Span) => Promise<T>): Promise<T> {
    const about = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': model,
    }
    return this.#span(`chat ${model}`, about, work)
  }

  /** A run of a tool: one that the model called, or one that the agent falls back on by itself. */
  tool<T>(name: string, work: (span: Span) => Promise<T>, callId?: string): Promise<T> {
    const about = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name }
    const called = callId === undefined ? about : { ...about, 'gen_ai.tool.call.id': callId }
    return this.#span(`execute_tool ${name}`, called, work)
  }

  /** An error that leaves `work` marks the span and goes on; a span is ended whatever happens in it. */
  async #span<T>(name: string, attributes: Attributes, work: (span: Span) => Promise<T>): Promise<T> {
    const span = this.#tracer.startSpan(name, { attributes })
    try {
      return await work(span)
    } catch (error) {
      fail(span, error)
      throw error
    } finally {
      span.end()
    }
  }
}

/** Marks a span whose work failed, whether or not the error leaves it. */
export function fail(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR })
  span.setAttribute('error.type', codeOf(error))
}

function handingTo(onSpan: (span: SpanFacts) => void): SpanProcessor {
  return {
    onStart: () => {},
    onEnd: (span) => onSpan(factsOf(span)),
    forceFlush: async () => {},
    shutdown: async () => {},
  }
}

function factsOf({ name, attributes, startTime, endTime, status }: ReadableSpan): SpanFacts {
  const ok = status.code !== SpanStatusCode.ERROR
  return { name, attributes, startMs: msOf(startTime), endMs: msOf(endTime), status: ok ? 'ok' : 'error' }
}

function msOf([seconds, nanoseconds]: readonly [number, number]): number {
  return seconds * 1_000 + nanoseconds / 1_000_000
}
