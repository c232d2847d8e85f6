/**
 * The spans of one trial: numbered as they begin, recorded as they end. Numbers stand in for the random ids of other
 * tracers. So tracing draws no chance that the agent would have drawn, and every run has the same ids.
 */
import { type SpanContext, type SpanOptions, type TimeInput, TraceFlags, trace } from '@opentelemetry/api'
import type { Crossings } from '../../contracts/crossing.js'
import type { Clock } from '../../contracts/host.js'
import { registerTracers } from './registration.js'
import { RecordingSpan, type SpanHost } from './span.js'
import { spansGuest } from './tracer.js'

/** What was begun so far, for the process that goes on with the trial. */
export interface SpanCounts {
  readonly spans: number
  /** Ids of the traces, in the order in which they came up. */
  readonly traces: readonly string[]
}

export class SpanCapture {
  readonly #clock: Clock
  readonly #crossings: () => Crossings
  readonly #traces: Map<string, number>
  #spans: number
  /** Whose spans these are; what an earlier start of the agent began it can never end. */
  #attempt: Crossings | undefined
  #firstOfAttempt = 0

  /** `crossings` is the agent as it runs now. */
  constructor(clock: Clock, crossings: () => Crossings, before: SpanCounts = { spans: 0, traces: [] }) {
    this.#clock = clock
    this.#crossings = crossings
    this.#spans = before.spans
    this.#traces = new Map(before.traces.map((id, index) => [id, index]))
  }

  /** From now on the agent's spans come here; returns the undo. For while the trial is entered. */
  register(): () => void {
    return registerTracers()
  }

  /** It, as a trial is entered with it. */
  get guest(): readonly [string, unknown] {
    return spansGuest.as(this)
  }

  snapshot(): SpanCounts {
    return { spans: this.#spans, traces: [...this.#traces.keys()] }
  }

  begin(scope: string, name: string, options: SpanOptions, given: SpanContext | undefined): RecordingSpan {
    const attempt = this.#crossings()
    if (attempt !== this.#attempt) {
      this.#attempt = attempt
      this.#firstOfAttempt = this.#spans
    }
    const above = given && trace.isSpanContextValid(given) ? given : undefined
    const traceId = above?.traceId ?? traceIdOf(this.#traces.size)
    const span = this.#spans++
    const context = { traceId, spanId: spanIdOf(span), traceFlags: TraceFlags.SAMPLED }
    return new RecordingSpan(this.#hostIn(attempt), context, {
      span,
      parent: above ? this.#parent(above) : null,
      trace: this.#traceNumber(traceId),
      name,
      scope,
      kind: options.kind,
      attributes: options.attributes,
      startMs: this.#timeOf(options.startTime),
    })
  }

  /** A span of somebody else's, or of an attempt that is over, is no parent that the trace could show. */
  #parent({ traceId, spanId }: SpanContext): number | null {
    const number = Number.parseInt(spanId, 16) - 1
    const isOwn = traceId.startsWith(ownTraces) && number < this.#spans
    return isOwn && number >= this.#firstOfAttempt ? number : null
  }

  #traceNumber(id: string): number {
    const number = this.#traces.get(id) ?? this.#traces.size
    this.#traces.set(id, number)
    return number
  }

  #hostIn(attempt: Crossings): SpanHost {
    return {
      timeOf: (given) => this.#timeOf(given),
      // Nobody is there any more to end the span of a crashed agent.
      onEnd: (record) => attempt.record({ kind: 'span', ...record }),
    }
  }

  /** Times that the agent gives itself are read by the clocks that it could have read them from; what is no time is now. */
  #timeOf(given: TimeInput | undefined): number {
    const ms = millisecondsOf(given)
    if (!Number.isFinite(ms)) return this.#clock.now()
    return Math.max(0, ms < sinceProcessStartMax ? ms : ms - this.#clock.wallNow() + this.#clock.now())
  }
}

/** Readings of `performance.now`, which in a trial count from its beginning, are below this, and dates are above. */
const sinceProcessStartMax = Date.UTC(2000, 0, 1)

function millisecondsOf(time: TimeInput | undefined): number {
  if (time instanceof Date) return time.getTime()
  if (typeof time === 'number') return time
  const [seconds, nanoseconds] = Array.isArray(time) ? (time as readonly unknown[]) : []
  return typeof seconds === 'number' && typeof nanoseconds === 'number'
    ? seconds * 1_000 + nanoseconds / 1_000_000
    : Number.NaN
}

const ownTraces = 'a9e47c4a0500'

function traceIdOf(number: number): string {
  return `${ownTraces}${(number + 1).toString(16).padStart(32 - ownTraces.length, '0')}`
}

function spanIdOf(number: number): string {
  return (number + 1).toString(16).padStart(16, '0')
}
