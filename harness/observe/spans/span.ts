/**
 * A span as the agent holds it: it keeps what the agent says of it and, when it ends, hands that over as plain data. It
 * takes its time from the trial's clock, which no jump of the wall clock moves.
 */
import {
  type Attributes,
  type AttributeValue,
  type Span,
  type SpanContext,
  type SpanKind,
  SpanStatusCode,
  type SpanStatus as StatusSaid,
  type TimeInput,
} from '@opentelemetry/api'
import type { Json } from '../../../faults/json.js'
import type { EndedSpan, SpanRole, SpanStatus } from '../../contracts/span.js'

/** What a span is from its beginning. */
export type SpanStart = Pick<EndedSpan, 'span' | 'parent' | 'trace' | 'scope'> & {
  readonly name: string
  readonly kind: SpanKind | undefined
  readonly attributes: Attributes | undefined
  readonly startMs: number
}

/** What a span needs of the trial that it belongs to. */
export interface SpanHost {
  /** A time as the agent gave it, or now, in virtual milliseconds. */
  timeOf(given: TimeInput | undefined): number
  onEnd(span: EndedSpan): void
}

const roles: readonly SpanRole[] = ['internal', 'server', 'client', 'producer', 'consumer']

export class RecordingSpan implements Span {
  readonly #host: SpanHost
  readonly #context: SpanContext
  readonly #start: SpanStart
  readonly #attributes: Record<string, Json> = {}
  #name: string
  #status: SpanStatus = 'unset'
  #open = true

  constructor(host: SpanHost, context: SpanContext, start: SpanStart) {
    this.#host = host
    this.#context = context
    this.#start = start
    this.#name = nameOf(start.name)
    if (start.attributes) this.setAttributes(start.attributes)
  }

  spanContext(): SpanContext {
    return this.#context
  }

  isRecording(): boolean {
    return this.#open
  }

  setAttribute(key: string, value: AttributeValue | undefined): this {
    const plain = this.#open && !ofRuntime.test(key) ? plainValue(value) : undefined
    if (plain !== undefined) this.#attributes[key] = plain
    return this
  }

  setAttributes(attributes: Attributes): this {
    for (const [key, value] of Object.entries(attributes)) this.setAttribute(key, value)
    return this
  }

  /** By OpenTelemetry's rules: `ok` is final, and nothing takes a status back. */
  setStatus({ code }: StatusSaid): this {
    if (this.#open && this.#status !== 'ok' && code !== SpanStatusCode.UNSET) {
      this.#status = code === SpanStatusCode.OK ? 'ok' : 'error'
    }
    return this
  }

  updateName(name: string): this {
    if (this.#open) this.#name = nameOf(name)
    return this
  }

  /** The second and any later call is ignored. */
  end(endTime?: TimeInput): void {
    if (!this.#open) return
    this.#open = false
    const { span, parent, trace, kind, startMs } = this.#start
    this.#host.onEnd({
      span,
      parent,
      trace,
      name: this.#name,
      scope: nameOf(this.#start.scope),
      role: roles[kind ?? 0] ?? 'internal',
      startMs,
      endMs: Math.max(startMs, this.#host.timeOf(endTime)),
      attributes: this.#attributes,
      status: this.#status,
    })
  }

  // Nobody judges what else a span can carry, and exceptions bring stacks with them.
  addEvent(): this {
    return this
  }

  addLink(): this {
    return this
  }

  addLinks(): this {
    return this
  }

  recordException(): void {}
}

/** Its type says a text, and what is given may be anything. */
function nameOf(given: unknown): string {
  return typeof given === 'string' ? given : typeof given
}

/** Where in the code, in which process, on which machine: it differs from run to run. */
const ofRuntime = /^(code|process|thread|host)\.|stacktrace/

/** The value as plain data; what OpenTelemetry does not take as one is left out, as it does. */
function plainValue(value: unknown): Json | undefined {
  if (!Array.isArray(value)) return isPrimitive(value) ? value : undefined
  return value.every((item) => item == null || isPrimitive(item)) ? value.map((item) => item ?? null) : undefined
}

function isPrimitive(value: unknown): value is string | number | boolean {
  return (
    typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
  )
}
