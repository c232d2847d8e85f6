/**
 * The words of OTLP/JSON, OpenTelemetry's format for traces: spans, events and attributes as its protocol buffers are
 * written in JSON. https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */

export type AnyValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  /** 64 bits, so a string. */
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly arrayValue: { readonly values: readonly AnyValue[] } }
  | { readonly kvlistValue: { readonly values: readonly KeyValue[] } }
  | Readonly<Record<string, never>>

export interface KeyValue {
  readonly key: string
  readonly value: AnyValue
}

export interface SpanEvent {
  readonly timeUnixNano: string
  readonly name: string
  readonly attributes: readonly KeyValue[]
}

export interface OtlpSpan {
  /** 32 and 16 hexadecimal digits. */
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: (typeof spanKinds)[keyof typeof spanKinds]
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly KeyValue[]
  readonly events: readonly SpanEvent[]
  readonly status: { readonly code?: (typeof statusCodes)['ok' | 'error']; readonly message?: string }
}

export const spanKinds = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const
export const statusCodes = { ok: 1, error: 2 } as const

/** What is undefined or null is left out. */
export function attributesOf(values: Readonly<Record<string, unknown>>): KeyValue[] {
  return Object.entries(values).flatMap(([key, value]) => (value == null ? [] : [{ key, value: anyValue(value) }]))
}

function anyValue(value: unknown): AnyValue {
  switch (typeof value) {
    case 'string':
      return { stringValue: value }
    case 'boolean':
      return { boolValue: value }
    case 'number':
      return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
    default:
      if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
      return value == null ? {} : { kvlistValue: { values: attributesOf(value as Record<string, unknown>) } }
  }
}

/** Every trial begins at this time by the wall clock: 2026-01-01T00:00:00Z, in milliseconds since 1970. */
const trialEpochMs = Date.UTC(2026, 0, 1)

/** A time since the trial began, in nanoseconds since 1970. */
export function unixNano(ms: number): string {
  return String(BigInt(trialEpochMs) * 1_000_000n + BigInt(Math.round(ms * 1_000_000)))
}

export function spanEvent(at: number, name: string, values: Readonly<Record<string, unknown>>): SpanEvent {
  return { timeUnixNano: unixNano(at), name, attributes: attributesOf(values) }
}

export interface Ids {
  readonly trace: string
  readonly root: string
  crossing(number: number): string
  span(number: number): string
}

/** A trace's and its spans' ids are parts of the digest, the latter with what they are and their number. */
export function idsOf(digest: string): Ids {
  const spanId = (kind: string, number: number) =>
    `${digest.slice(32, 39)}${kind}${number.toString(16).padStart(8, '0')}`
  return {
    trace: digest.slice(0, 32),
    root: spanId('1', 0),
    crossing: (number) => spanId('c', number),
    span: (number) => spanId('a', number),
  }
}
