/**
 * The tracers that the agent finds behind the global API. They outlive trials, because modules hold on to the tracer
 * that they once asked for. Each span goes to the trial that runs when it begins and, outside trials, to where it would
 * have gone without us.
 */
import {
  type Context,
  context,
  INVALID_SPAN_CONTEXT,
  type Span,
  type SpanContext,
  type SpanOptions,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'
import { guest } from '../../sandbox/guest.js'

interface SpanSink {
  begin(scope: string, name: string, options: SpanOptions, given: SpanContext | undefined): Span
}

/** Where the agent's spans go, in a trial that gathers them. */
export const spansGuest = guest<SpanSink>('spans')

export const tracers: TracerProvider = { getTracer: (name, version) => new TrialTracer(name, version) }

/** Set in a context by exporters and instrumentations whose own work is not to be traced. */
const suppressed = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING')

class TrialTracer implements Tracer {
  readonly #name: string
  readonly #version: string | undefined

  constructor(name: string, version: string | undefined) {
    this.#name = name
    this.#version = version
  }

  startSpan(name: string, options: SpanOptions = {}, within: Context = context.active()): Span {
    const spans = spansGuest.current()
    if (!spans) return trace.getTracer(this.#name, this.#version).startSpan(name, options, within)
    if (within.getValue(suppressed) === true) return trace.wrapSpanContext(INVALID_SPAN_CONTEXT)
    const parent = options.root ? undefined : trace.getSpanContext(within)
    return spans.begin(this.#name, name, options, parent)
  }

  startActiveSpan<F extends (span: Span) => ReturnType<F>>(name: string, ...rest: readonly unknown[]): ReturnType<F> {
    const work = rest.at(-1) as F
    const [options, given] = rest.slice(0, -1) as [SpanOptions?, Context?]
    const within = given ?? context.active()
    const span = this.startSpan(name, options, within)
    return context.with(trace.setSpan(within, span), work, undefined, span)
  }
}
