/** Proves that what the agent does is one trace, by OpenTelemetry's names, and that failures are marked and not swallowed. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { type Context, context, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { withSpan } from '../../../scenarios/agent/telemetry.js'

const exporter = new InMemorySpanExporter()
const storage = new AsyncLocalStorage<Context>()

beforeAll(() => {
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }))
  context.setGlobalContextManager({
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (within, run, self, ...args) => storage.run(within, () => run.apply(self, args)),
    bind: (_within, target) => target,
    enable() {
      return this
    },
    disable() {
      return this
    },
  })
})
beforeEach(() => exporter.reset())
afterAll(() => {
  trace.disable()
  context.disable()
})

it('nests what happens within, under the names and attributes that the conventions have', async () => {
  const result = await withSpan('invoke_agent', 'desk', async () => {
    await withSpan('chat', 'm', async (span) => span.setAttribute('gen_ai.usage.input_tokens', 7))
    return withSpan('execute_tool', 'search', async () => 'found', { 'gen_ai.tool.call.id': 'toolu_1' })
  })
  expect(result).toBe('found')
  const [chat, tool, agent] = exporter.getFinishedSpans()
  expect([chat, tool, agent].map((span) => [span?.name, span?.kind, span?.attributes])).toEqual([
    ['chat m', 2, { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': 7 }],
    [
      'execute_tool search',
      0,
      { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search', 'gen_ai.tool.call.id': 'toolu_1' },
    ],
    ['invoke_agent desk', 0, { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'desk' }],
  ])
  for (const span of [chat, tool]) expect(span?.parentSpanContext?.spanId).toBe(agent?.spanContext().spanId)
})

it.each([
  [Object.assign(new Error('oops'), { code: 'ETIMEDOUT', status: 504 }), 'ETIMEDOUT'],
  [Object.assign(new Error('oops'), { status: 503 }), '503'],
  [new TypeError('oops'), 'TypeError'],
  ['a text', 'unknown'],
])('marks the span and passes the error on: %s', async (error, type) => {
  await expect(withSpan('execute_tool', 'search', () => Promise.reject(error))).rejects.toBe(error)
  const [span] = exporter.getFinishedSpans()
  expect([span?.status.code, span?.attributes['error.type']]).toEqual([2, type])
})

it('is of no consequence where nobody collects spans', async () => {
  trace.disable()
  expect(await withSpan('chat', 'm', async () => 'said')).toBe('said')
  expect(exporter.getFinishedSpans()).toEqual([])
})
