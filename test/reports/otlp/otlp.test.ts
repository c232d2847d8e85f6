/** Proves that a trial becomes a trace by the rules of OTLP/JSON, as OpenTelemetry's own serializer writes it. */
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base'
import { describe, expect, it } from 'vitest'
import type { EventOf, TraceEvent } from '../../../harness/contracts/trace.js'
import { otlp, type TracedTrial } from '../../../reports/index.js'
import type { AnyValue, KeyValue, OtlpSpan } from '../../../reports/otlp/json.js'
import { digest, events, judgements, trace } from '../../fixtures/cli/trace.js'

interface Document {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] }
    readonly scopeSpans: readonly { readonly scope: { readonly name: string }; readonly spans: readonly OtlpSpan[] }[]
  }[]
}

const span = (span: number, parent: number | null, given: Partial<EventOf<'span'>> = {}): TraceEvent => ({
  kind: 'span',
  at: 11_000,
  span,
  parent,
  trace: 0,
  name: `span ${span}`,
  scope: 'agent',
  role: 'internal',
  startMs: span * 100,
  endMs: 11_000,
  attributes: { 'gen_ai.operation.name': 'chat', count: 7, share: 0.5, on: true, list: ['a', 1, null] },
  status: 'unset',
  ...given,
})
const spans = [
  span(1, 0, { status: 'error', role: 'client' }),
  span(2, 9, { status: 'ok', scope: 'vendor' }),
  span(0, null, { startMs: 0.25 }),
]
const hash = '0123456789abcdef'.repeat(4)
const trial: TracedTrial = {
  ...trace,
  version: '0.1.0',
  end: 'returned',
  events: [...events, ...spans],
  judgements,
  digest: hash,
}

const parse = (given: TracedTrial = trial) => JSON.parse(otlp(given)) as Document
const spansIn = ({ resourceSpans }: Document) =>
  resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
const spanNamed = (name: string, given?: TracedTrial) => spansIn(parse(given)).find((span) => span.name === name)
const attribute = (attributes: readonly KeyValue[] | undefined, key: string) =>
  attributes?.find((each) => each.key === key)?.value

describe('the document', () => {
  it('is what OpenTelemetry itself writes of these spans', () => {
    const document = parse()
    const theirs = JSON.parse(
      new TextDecoder().decode(JsonTraceSerializer.serializeRequest(document.resourceSpans.flatMap(readable))),
    ) as Document
    expect(document).toEqual(comparable(theirs))
  })

  it('has ids of the right length, no two alike, parents that exist, and times in order', () => {
    const all = spansIn(parse())
    const ids = new Set(all.map(({ spanId }) => spanId))
    expect(ids.size).toBe(all.length)
    for (const { traceId, spanId, parentSpanId, ...span } of all) {
      expect([traceId, spanId]).toEqual([
        expect.stringMatching(/^[0-9a-f]{32}$/),
        expect.stringMatching(/^[0-9a-f]{16}$/),
      ])
      if (parentSpanId !== undefined) expect(ids).toContain(parentSpanId)
      const [from, to] = [BigInt(span.startTimeUnixNano), BigInt(span.endTimeUnixNano)]
      expect(to >= from).toBe(true)
      const times = span.events.map(({ timeUnixNano }) => BigInt(timeUnixNano))
      expect(times).toEqual(times.toSorted((a, b) => Number(a - b)))
    }
    expect(new Set(all.map(({ traceId }) => traceId))).toEqual(new Set([hash.slice(0, 32)]))
    expect(all.filter(({ parentSpanId }) => parentSpanId === undefined).map(({ name }) => name)).toEqual([
      'trial refund-naive',
    ])
  })

  it('is one line, and the same bytes for the same trial', () => {
    expect(otlp(trial)).toMatch(/^\{.*\}\n$/)
    expect(otlp(JSON.parse(JSON.stringify(trial)) as TracedTrial)).toBe(otlp(trial))
    expect(otlp({ ...trial, digest: hash.replaceAll('a', 'b') })).not.toBe(otlp(trial))
  })

  it('has one resource for the boundaries, and one for the agent where it has spans', () => {
    const services = (given?: TracedTrial) =>
      parse(given).resourceSpans.map(({ resource }) => attribute(resource.attributes, 'service.name'))
    expect(services()).toEqual([{ stringValue: 'agent-chaos' }, { stringValue: 'refund-naive' }])
    expect(services({ ...trial, events, digest })).toEqual([{ stringValue: 'agent-chaos' }])
  })
})

describe('the trial', () => {
  it('is the root, with what was run, what came of it, and the first violation as its status', () => {
    const root = spanNamed('trial refund-naive')
    expect(root?.attributes).toEqual([
      { key: 'agent_chaos.scenario', value: { stringValue: 'refund-naive' } },
      { key: 'agent_chaos.seed', value: { intValue: '7' } },
      { key: 'agent_chaos.plan', value: { stringValue: trace.plan } },
      { key: 'agent_chaos.digest', value: { stringValue: hash } },
      { key: 'agent_chaos.end', value: { stringValue: 'returned' } },
      { key: 'agent_chaos.claim', value: { stringValue: 'success' } },
      { key: 'agent_chaos.goal', value: { boolValue: false } },
    ])
    expect(root?.startTimeUnixNano).toBe('1767225600000000000')
    expect(root?.endTimeUnixNano).toBe('1767225611000000000')
    expect(root?.status).toEqual({ code: 2, message: expect.stringMatching(/^effects-exactly-once: The refund/) })
    expect(spanNamed('trial refund-naive', { ...trial, judgements: [] })?.status).toEqual({})
  })

  it('has every verdict as an evaluation, at the last event that shows it', () => {
    const evaluations = spanNamed('trial refund-naive')?.events.filter(
      ({ name }) => name === 'gen_ai.evaluation.result',
    )
    const labels = evaluations?.map(({ attributes }) => [
      attribute(attributes, 'gen_ai.evaluation.name'),
      attribute(attributes, 'gen_ai.evaluation.score.label'),
      attribute(attributes, 'gen_ai.evaluation.score.value'),
    ])
    expect(labels).toEqual([
      [{ stringValue: 'effects-exactly-once' }, { stringValue: 'violated' }, { intValue: '0' }],
      [{ stringValue: 'terminates' }, { stringValue: 'held' }, { intValue: '1' }],
      [{ stringValue: 'breaker-trips' }, { stringValue: 'vacuous' }, undefined],
      [{ stringValue: 'spend-within-budget' }, { stringValue: 'inconclusive' }, undefined],
    ])
    expect(attribute(evaluations?.[0]?.attributes, 'gen_ai.evaluation.explanation')).toMatchObject({
      stringValue: expect.stringContaining('applied twice'),
    })
  })
})

describe('a crossing', () => {
  it('is a span at its address below what it happened in, with faults and effects as events', () => {
    const call = spanNamed('tool:refund#1')
    const inner = spanNamed('effect:refund#1')
    expect(call).toMatchObject({
      kind: 1,
      startTimeUnixNano: '1767225600500000000',
      endTimeUnixNano: '1767225610500000000',
    })
    expect(call?.status).toEqual({ code: 2, message: 'TimeoutError ETIMEDOUT 504: no answer' })
    expect(attribute(call?.attributes, 'error.type')).toEqual({ stringValue: 'ETIMEDOUT' })
    expect(attribute(call?.attributes, 'agent_chaos.faults')).toEqual({
      arrayValue: { values: [{ stringValue: 'tool/reply-lost' }] },
    })
    expect(call?.events.map(({ name }) => name)).toEqual(['fault tool/reply-lost'])
    expect(inner?.parentSpanId).toBe(call?.spanId)
    expect(inner?.events.map(({ name }) => name)).toEqual(['effect refund'])
    expect(spanNamed('model:claude-opus-5-5#2')).toMatchObject({ kind: 3, status: { code: 1 } })
    expect(spanNamed('tool:refund#1.2')?.status).toEqual({ code: 1 })
  })

  it('that was never answered lasts until the crash or the end', () => {
    const open = (...after: TraceEvent[]) =>
      spanNamed('tool:refund#1', { ...trial, events: [...events.slice(2, 4), ...after] })
    const end: TraceEvent = { at: 9_000, kind: 'end', end: { kind: 'deadlock' } }
    expect(open(end)).toMatchObject({ endTimeUnixNano: '1767225609000000000', status: {} })
    expect(open({ at: 2_000, kind: 'restart', attempt: 2 }, end)?.endTimeUnixNano).toBe('1767225602000000000')
  })
})

describe("a span of the agent's", () => {
  it('keeps its name, kind, status, attributes, scope and parent', () => {
    const [root, child] = [spanNamed('span 0'), spanNamed('span 1')]
    expect(child).toMatchObject({ kind: 3, status: { code: 2 }, parentSpanId: root?.spanId })
    expect(root?.startTimeUnixNano).toBe('1767225600000250000')
    expect(child?.attributes.slice(0, 5)).toEqual([
      { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
      { key: 'count', value: { intValue: '7' } },
      { key: 'share', value: { doubleValue: 0.5 } },
      { key: 'on', value: { boolValue: true } },
      { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }, { intValue: '1' }, {}] } } },
    ])
    expect(parse().resourceSpans[0]?.scopeSpans[0]?.scope).toEqual({ name: 'agent-chaos', version: '0.1.0' })
    expect(parse().resourceSpans[1]?.scopeSpans.map(({ scope }) => scope.name)).toEqual(['agent', 'vendor'])
  })

  it('stands below the trial where it has no parent, or one that never ended', () => {
    const root = spanNamed('trial refund-naive')?.spanId
    expect(spanNamed('span 0')?.parentSpanId).toBe(root)
    expect(spanNamed('span 2')?.parentSpanId).toBe(root)
    expect(attribute(spanNamed('span 2')?.attributes, 'agent_chaos.agent.orphaned')).toEqual({ boolValue: true })
  })
})

/** Our spans as the SDK has them before it writes them. */
function readable({ resource, scopeSpans }: Document['resourceSpans'][number]): ReadableSpan[] {
  const shared = { attributes: plain(resource.attributes) }
  return scopeSpans.flatMap(({ scope, spans }) =>
    spans.map(({ traceId, spanId, parentSpanId, ...span }) => {
      const context = (spanId: string) => ({ traceId, spanId, traceFlags: 1 })
      return {
        name: span.name,
        // OpenTelemetry's API counts kinds from 0, its protocol from 1.
        kind: span.kind - 1,
        spanContext: () => context(spanId),
        ...(parentSpanId !== undefined && { parentSpanContext: context(parentSpanId) }),
        startTime: hrTime(span.startTimeUnixNano),
        endTime: hrTime(span.endTimeUnixNano),
        status: { code: 0, ...span.status },
        attributes: plain(span.attributes),
        links: [],
        events: span.events.map(({ name, timeUnixNano, attributes }) => ({
          name,
          time: hrTime(timeUnixNano),
          attributes: plain(attributes),
        })),
        duration: [0, 0],
        ended: true,
        resource: shared,
        instrumentationScope: scope,
        droppedAttributesCount: 0,
        droppedEventsCount: 0,
        droppedLinksCount: 0,
      } as unknown as ReadableSpan
    }),
  )
}

function hrTime(nano: string): [number, number] {
  return [Number(BigInt(nano) / 1_000_000_000n), Number(BigInt(nano) % 1_000_000_000n)]
}

function plain(attributes: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plainValue(value)]))
}

function plainValue(value: AnyValue): unknown {
  if ('intValue' in value) return Number(value.intValue)
  if ('arrayValue' in value) return value.arrayValue.values.map(plainValue)
  if ('kvlistValue' in value) return plain(value.kvlistValue.values)
  return Object.values(value)[0] ?? null
}

/** What we leave out because it says nothing; whole numbers may be texts, and must be where they have 64 bits. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]): [string, unknown][] => {
      if (/^dropped|^flags$|^links$/.test(key) || part === undefined) return []
      if (key === 'intValue') return [[key, String(part)]]
      return [[key, key === 'status' && (part as { code: number }).code === 0 ? {} : comparable(part)]]
    }),
  )
}
