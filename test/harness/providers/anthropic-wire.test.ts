/**
 * What goes over the wire, held to the fields that the API sends: each of them there, of its type, and no other. The
 * schemas are written after recorded traffic of Claude 4.5 and later without beta headers.
 */
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { modelFailureCodes } from '../../../faults/action.js'
import type { Reply, StopReason } from '../../../harness/contracts/conversation.js'
import type { ModelCall, ProviderSession, WireAnswer } from '../../../harness/contracts/provider.js'
import { openSession } from '../../../harness/providers/anthropic/session.js'

const count = z.int().min(0)
const id = (prefix: string) => z.string().regex(new RegExp(`^${prefix}_[a-zA-Z0-9]+$`))
const stopReason = z.enum(['end_turn', 'tool_use', 'max_tokens', 'refusal'])
const nothing = z.object({}).strict()

const tokens = {
  input_tokens: count,
  cache_creation_input_tokens: count,
  cache_read_input_tokens: count,
  output_tokens: count,
}
const text = z.strictObject({ type: z.literal('text'), text: z.string().min(1) })
const toolUse = z.strictObject({
  type: z.literal('tool_use'),
  id: id('toolu'),
  name: z.string(),
  input: z.record(z.string(), z.unknown()),
})
const message = {
  id: id('msg'),
  type: z.literal('message'),
  role: z.literal('assistant'),
  model: z.string(),
  stop_sequence: z.null(),
  stop_details: z.null(),
  usage: z.strictObject({ ...tokens, service_tier: z.literal('standard') }),
}
const whole = z.strictObject({
  ...message,
  content: z.array(z.discriminatedUnion('type', [text, toolUse])),
  stop_reason: stopReason,
})
const error = z.strictObject({
  type: z.literal('error'),
  error: z.strictObject({ type: z.string().regex(/_error$|^request_too_large$/), message: z.string().min(1) }),
  request_id: id('req'),
})

const index = count
const events = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('message_start'),
    message: z.strictObject({ ...message, content: z.array(z.never()), stop_reason: z.null() }),
  }),
  z.strictObject({
    type: z.literal('content_block_start'),
    index,
    content_block: z.discriminatedUnion('type', [
      text.extend({ text: z.literal('') }),
      toolUse.extend({ input: nothing }),
    ]),
  }),
  z.strictObject({
    type: z.literal('content_block_delta'),
    index,
    delta: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('text_delta'), text: z.string() }),
      z.strictObject({ type: z.literal('input_json_delta'), partial_json: z.string() }),
    ]),
  }),
  z.strictObject({ type: z.literal('content_block_stop'), index }),
  z.strictObject({
    type: z.literal('message_delta'),
    delta: z.strictObject({ stop_reason: stopReason, stop_sequence: z.null(), stop_details: z.null() }),
    usage: z.strictObject(tokens),
  }),
  z.strictObject({ type: z.literal('message_stop') }),
  z.strictObject({ type: z.literal('ping') }),
  error,
])

const calling: Reply = {
  blocks: [
    { kind: 'text', text: 'At once, and with care.' },
    { kind: 'tool-call', id: 'toolu_01A', name: 'refund', input: { orderId: '42', lines: [1, 2], note: null } },
    { kind: 'tool-call', id: 'toolu_01B', name: 'look', input: {} },
  ],
  stop: 'tool-use',
}
const ending = (stop: StopReason): Reply => ({ blocks: [{ kind: 'text', text: 'So.' }], stop })
const replies = [
  calling,
  ending('end-turn'),
  ending('max-tokens'),
  ending('refusal'),
  { blocks: [], stop: 'end-turn' } satisfies Reply,
]

function openAsked(stream: boolean): { readonly session: ProviderSession; readonly call: ModelCall } {
  const session = openSession()
  const headers: Record<string, string> = { 'x-api-key': 'k', 'anthropic-version': '2023-06-01' }
  const call = session.read({
    method: 'POST',
    url: 'https://api.anthropic.com/v1/messages',
    header: (name) => headers[name] ?? null,
    headers: () => headers,
    body: JSON.stringify({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'Do it.' }], stream }),
  })
  if (call.kind === 'refusal') throw new Error(call.message)
  return { session, call }
}

function answerTo(stream: boolean, reply: Reply): WireAnswer {
  const { session, call } = openAsked(stream)
  return session.write(call, reply, { inputTokens: 10, outputTokens: 5 })
}

/** The event's data, which its first line names too. */
function eventOf(chunk: string): unknown {
  const [, name, data] = /^event: (\w+)\ndata: (.*)\n\n$/.exec(chunk) ?? []
  const event = JSON.parse(data ?? '') as { readonly type: string }
  expect(event.type).toBe(name)
  return event
}

/** Throws where the value is not as the schema has it, and says which field. */
function hold(schema: z.ZodType, value: unknown): void {
  const { error: wrong } = schema.safeParse(value)
  if (wrong) throw new Error(`${JSON.stringify(value)}\n${z.prettifyError(wrong)}`)
}

describe('the wire has the fields that the API sends, and no others', () => {
  test.each(replies.map((reply) => [`${reply.stop}, ${reply.blocks.length} blocks`, reply] as const))(
    'an answer: %s',
    (_name, reply) => {
      const { chunks, headers } = answerTo(false, reply)
      hold(whole, JSON.parse(chunks.join('')))
      expect(Object.keys(headers).sort()).toEqual(['content-type', 'request-id'])
    },
  )

  test.each(replies.map((reply) => [`${reply.stop}, ${reply.blocks.length} blocks`, reply] as const))(
    'a stream: %s',
    (_name, reply) => {
      for (const chunk of answerTo(true, reply).chunks) hold(events, eventOf(chunk))
    },
  )

  test('a ping, and an error in a stream', () => {
    const { session, call } = openAsked(true)
    session.write(call, calling, { inputTokens: 1, outputTokens: 1 })
    hold(events, eventOf(session.ping()))
    for (const code of modelFailureCodes) hold(events, eventOf(session.failInStream(code)))
  })

  test.each(modelFailureCodes)('the error %s, or the page of a proxy', (code) => {
    const { chunks, headers, status } = openAsked(false).session.fail(code)
    expect(status).toBeGreaterThanOrEqual(400)
    if (headers['content-type'] === 'text/html') expect(chunks.join('')).toMatch(/^<html>/)
    else hold(error, JSON.parse(chunks.join('')))
  })
})
