/** What goes over the wire of Chat Completions, held to the fields that the API sends: each of them there, and no other. */
import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { modelFailureCodes } from '../../../../../faults/action.js'
import type { Reply } from '../../../../../harness/contracts/conversation.js'
import type { ProviderSession, WireAnswer } from '../../../../../harness/contracts/provider.js'
import { openSession } from '../../../../../harness/providers/openai/chat/session.js'
import { accept, type Where } from '../asked.js'

const own: Where = { url: 'https://api.openai.com/v1/chat/completions' }
const count = z.int().min(0)
const functionCall = z.strictObject({
  id: z.string().regex(/^call_\w+$/),
  type: z.literal('function'),
  function: z.strictObject({ name: z.string(), arguments: z.string() }),
})
const customCall = z.strictObject({
  id: z.string().regex(/^call_\w+$/),
  type: z.literal('custom'),
  custom: z.strictObject({ name: z.string(), input: z.string() }),
})
const usage = z.strictObject({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  prompt_tokens_details: z.strictObject({ cached_tokens: count, audio_tokens: count }),
  completion_tokens_details: z.strictObject({
    reasoning_tokens: count,
    audio_tokens: count,
    accepted_prediction_tokens: count,
    rejected_prediction_tokens: count,
  }),
})
const head = {
  id: z.string().regex(/^chatcmpl-[0-9a-z]{29}$/),
  created: z.int().min(1_700_000_000),
  model: z.literal('gpt-5.4'),
  service_tier: z.literal('default'),
  system_fingerprint: z.null(),
}
const finish = z.enum(['stop', 'length', 'tool_calls', 'content_filter'])
const completion = z.strictObject({
  ...head,
  object: z.literal('chat.completion'),
  choices: z.tuple([
    z.strictObject({
      index: z.literal(0),
      message: z.strictObject({
        role: z.literal('assistant'),
        content: z.string().nullable(),
        refusal: z.string().nullable(),
        annotations: z.tuple([]),
        tool_calls: z
          .array(z.union([functionCall, customCall]))
          .min(1)
          .optional(),
      }),
      logprobs: z.null(),
      finish_reason: finish,
    }),
  ]),
  usage,
})
const delta = z.union([
  z.strictObject({ role: z.literal('assistant'), content: z.string().nullable(), refusal: z.null() }),
  z.strictObject({ content: z.string() }),
  z.strictObject({ refusal: z.string() }),
  z.strictObject({
    tool_calls: z.tuple([
      z.union([
        functionCall.extend({ index: count }),
        customCall.extend({ index: count }),
        z.strictObject({ index: count, function: z.strictObject({ arguments: z.string() }) }),
        z.strictObject({ index: count, custom: z.strictObject({ input: z.string() }) }),
      ]),
    ]),
  }),
  z.strictObject({}),
])
const choice = z.strictObject({ index: z.literal(0), delta, logprobs: z.null(), finish_reason: finish.nullable() })
const chunk = z.strictObject({
  ...head,
  object: z.literal('chat.completion.chunk'),
  choices: z.array(choice).max(1),
  usage: usage.nullable().optional(),
})
const error = z.strictObject({
  error: z.strictObject({
    message: z.string().min(1),
    type: z.string(),
    param: z.string().nullable(),
    code: z.union([z.string(), z.number()]).nullable(),
  }),
})

const calling: Reply = {
  blocks: [
    { kind: 'text', text: 'At once, and with care.' },
    { kind: 'tool-call', id: 'call_A', name: 'refund', input: { orderId: '42', lines: [1, null] } },
    { kind: 'tool-call', id: 'call_B', name: 'patch', input: '*** Begin\n "quoted" 🚚' },
  ],
  stop: 'tool-use',
}
const replies: Readonly<Record<string, Reply>> = {
  calling,
  'calling without a word': { ...calling, blocks: calling.blocks.slice(1) },
  'a text': { blocks: [{ kind: 'text', text: 'So.' }], stop: 'end-turn' },
  'nothing at all': { blocks: [], stop: 'end-turn' },
  'cut short': { blocks: [{ kind: 'text', text: 'So' }], stop: 'max-tokens' },
  'a refusal': { blocks: [{ kind: 'text', text: 'I will not.' }], stop: 'refusal' },
  filtered: { blocks: [], stop: 'refusal' },
}

function ask(settings: object = {}): { session: ProviderSession; write(reply: Reply): WireAnswer } {
  const session = openSession()
  const call = accept(
    session,
    {
      model: 'gpt-5.4',
      messages: [{ role: 'user', content: 'Do it.' }],
      tools: [
        { type: 'function', function: { name: 'refund' } },
        { type: 'custom', custom: { name: 'patch' } },
      ],
      ...settings,
    },
    own,
  )
  const usage = { inputTokens: 10, outputTokens: 5, cachedInputTokens: 8, reasoningTokens: 2 }
  return { session, write: (reply) => session.write(call, reply, usage) }
}

/** Throws where the value is not as the schema has it, and says which field. */
function hold(schema: z.ZodType, value: unknown): void {
  const { error: wrong } = schema.safeParse(value)
  if (wrong) throw new Error(`${JSON.stringify(value)}\n${z.prettifyError(wrong)}`)
}

/** What each event holds; the last says no more than that it is the last. */
function dataOf({ chunks }: WireAnswer): unknown[] {
  const events = chunks.join('').split('\n\n').slice(0, -1)
  expect(events.pop()).toBe('data: [DONE]')
  return events.map((event) => JSON.parse(event.replace(/^data: /, '')))
}

function messageOf(reply: Reply) {
  const body = JSON.parse(ask().write(reply).chunks.join('')) as OpenAI.ChatCompletion
  const { message, finish_reason } = body.choices[0] as OpenAI.ChatCompletion.Choice
  return { ...message, finish_reason }
}

describe('the wire has the fields that the API sends, and no others', () => {
  test.each(Object.entries(replies))('an answer: %s', (_name, reply) => {
    const { chunks, headers } = ask().write(reply)
    hold(completion, JSON.parse(chunks.join('')))
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-ratelimit-remaining-tokens': '1999985' })
  })

  test.each(Object.entries(replies))('a stream: %s', (_name, reply) => {
    const streamed = ask({ stream: true }).write(reply)
    expect(streamed.headers['content-type']).toBe('text/event-stream; charset=utf-8')
    for (const data of dataOf(streamed)) {
      hold(chunk, data)
      expect(data).not.toHaveProperty('usage')
    }
  })

  test('a stream that ends with what it cost, where that is asked for', () => {
    const events = dataOf(ask({ stream: true, stream_options: { include_usage: true } }).write(calling))
    for (const data of events) hold(chunk, data)
    expect(events.slice(0, -1).map((data) => (data as { usage: unknown }).usage)).toEqual(
      events.slice(1).map(() => null),
    )
    expect(events.at(-1)).toMatchObject({
      choices: [],
      usage: {
        prompt_tokens: 10,
        total_tokens: 15,
        prompt_tokens_details: { cached_tokens: 8 },
        completion_tokens_details: { reasoning_tokens: 2 },
      },
    })
  })

  test.each(modelFailureCodes)('the error %s, or the page of a proxy', (code) => {
    const { session } = ask()
    const { chunks, headers, status } = session.fail(code)
    expect(status).toBeGreaterThanOrEqual(400)
    if (headers['content-type'] === 'text/html') expect(chunks.join('')).toMatch(/^<html>/)
    else hold(error, JSON.parse(chunks.join('')))
    const [, data] = /^data: (\{.*\})\n\n$/.exec(session.failInStream(code)) ?? []
    hold(error, JSON.parse(data ?? ''))
  })
})

describe('an answer', () => {
  test('gives the free text of a custom tool as it is, and the arguments of a function as JSON', () => {
    expect(messageOf(calling).tool_calls).toEqual([
      { id: 'call_A', type: 'function', function: { name: 'refund', arguments: '{"orderId":"42","lines":[1,null]}' } },
      { id: 'call_B', type: 'custom', custom: { name: 'patch', input: '*** Begin\n "quoted" 🚚' } },
    ])
  })

  test.each([
    ['calling', { content: 'At once, and with care.', refusal: null, finish_reason: 'tool_calls' }],
    ['calling without a word', { content: null, refusal: null, finish_reason: 'tool_calls' }],
    ['cut short', { content: 'So', refusal: null, finish_reason: 'length' }],
    ['a refusal', { content: null, refusal: 'I will not.', finish_reason: 'stop' }],
    ['filtered', { content: null, refusal: null, finish_reason: 'content_filter' }],
  ])('that is %s says so', (name, said) => {
    expect(messageOf(replies[name] as Reply)).toMatchObject(said)
  })

  test('that is over the limit says that nothing is left', () => {
    const { headers } = ask().session.fail('rate-limited', { retryAfterMs: '494' })
    expect(headers).toMatchObject({
      'x-ratelimit-remaining-tokens': '0',
      'x-ratelimit-reset-tokens': '1m0s',
      'retry-after-ms': '494',
    })
  })
})

test('of a stream, what has come is what the real client was handed, at each border of an event and within each', async () => {
  const session = openSession()
  const body = { model: 'gpt-5.4', stream: true, messages: [{ role: 'user', content: 'Do it.' }] }
  const call = accept(session, body, own)
  const { chunks } = session.write(call, calling, { inputTokens: 1, outputTokens: 1 })
  const text = chunks.join('')
  const borders = chunks.map((_, index) => chunks.slice(0, index + 1).join('').length)
  for (const at of borders.flatMap((border) => [border - 30, border - 1, border])) {
    const cut = text.slice(0, at)
    const { text: said, toolCalls, partial } = session.arrived(call, cut)
    const seen = await handTo(cut)
    expect([said, [...toolCalls.map(({ id }) => id), ...(partial ? [partial.id] : [])]]).toEqual([seen.text, seen.ids])
    expect(toolCalls.length).toBe(seen.finished ? seen.ids.length : Math.max(0, seen.ids.length - 1))
    expect(partial?.input).toBe(seen.finished ? undefined : seen.inputs.at(-1))
  }
})

/** What the client yields of a stream that ends there. */
async function handTo(stream: string) {
  const headers = { 'content-type': 'text/event-stream' }
  const client = new OpenAI({ apiKey: 'k', maxRetries: 0, fetch: async () => new Response(stream, { headers }) })
  const seen = { text: '', ids: [] as string[], inputs: [] as string[], finished: false }
  const chunks = await client.chat.completions.create({
    model: 'm',
    stream: true,
    messages: [{ role: 'user', content: 'hi' }],
  })
  for await (const { choices } of chunks) {
    for (const { delta, finish_reason } of choices) {
      seen.text += delta.content ?? ''
      seen.finished ||= finish_reason !== null
      for (const { index, id, function: called } of delta.tool_calls ?? []) {
        if (id) seen.ids[index] = id
        seen.inputs[index] = (seen.inputs[index] ?? '') + (called?.arguments ?? '')
      }
    }
  }
  return seen
}
