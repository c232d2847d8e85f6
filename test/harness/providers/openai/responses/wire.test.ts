/** What goes over the wire of Responses, held to the fields that the API sends, and to the order in which it sends them. */
import OpenAI from 'openai'
import OpenAI7 from 'openai-7'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { modelFailureCodes } from '../../../../../faults/action.js'
import type { Reply } from '../../../../../harness/contracts/conversation.js'
import type { ProviderSession, WireAnswer } from '../../../../../harness/contracts/provider.js'
import { openSession } from '../../../../../harness/providers/openai/responses/session.js'
import { accept, type Where } from '../../../../support/providers/asked.js'

const own: Where = { url: 'https://api.openai.com/v1/responses' }
const count = z.int().min(0)
const id = (prefix: string) => z.string().regex(new RegExp(`^${prefix}_[0-9a-z]{48}$`))
const status = z.enum(['in_progress', 'completed', 'incomplete'])
const outputText = z.strictObject({
  type: z.literal('output_text'),
  annotations: z.tuple([]),
  logprobs: z.tuple([]),
  text: z.string(),
})
const refusal = z.strictObject({ type: z.literal('refusal'), refusal: z.string() })
const part = z.union([outputText, refusal])
const summary = z.strictObject({ type: z.literal('summary_text'), text: z.string() })
const callHead = { status, call_id: z.string(), name: z.string(), namespace: z.string().optional() }
const item = z.discriminatedUnion('type', [
  z.strictObject({
    id: id('msg'),
    type: z.literal('message'),
    status,
    role: z.literal('assistant'),
    content: z.array(part),
  }),
  z.strictObject({ id: id('fc'), type: z.literal('function_call'), ...callHead, arguments: z.string() }),
  z.strictObject({ id: id('ctc'), type: z.literal('custom_tool_call'), ...callHead, input: z.string() }),
  z.strictObject({
    id: id('rs'),
    type: z.literal('reasoning'),
    encrypted_content: z.string().optional(),
    summary: z.array(summary),
  }),
])
const usage = z.strictObject({
  input_tokens: count,
  input_tokens_details: z.strictObject({ cached_tokens: count }),
  output_tokens: count,
  output_tokens_details: z.strictObject({ reasoning_tokens: count }),
  total_tokens: count,
})
const response = z.strictObject({
  id: id('resp'),
  object: z.literal('response'),
  created_at: z.int().min(1_700_000_000),
  status: z.enum(['in_progress', 'completed', 'incomplete', 'failed']),
  background: z.literal(false),
  completed_at: z.int().nullable(),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  incomplete_details: z.strictObject({ reason: z.enum(['max_output_tokens', 'content_filter']) }).nullable(),
  instructions: z.string().nullable(),
  max_output_tokens: z.int().nullable(),
  max_tool_calls: z.int().nullable(),
  model: z.literal('gpt-5.4'),
  output: z.array(item),
  parallel_tool_calls: z.boolean(),
  previous_response_id: z.string().nullable(),
  prompt_cache_key: z.string().nullable(),
  reasoning: z.strictObject({ effort: z.string().nullable(), summary: z.string().nullable() }),
  safety_identifier: z.string().nullable(),
  service_tier: z.literal('default'),
  store: z.boolean(),
  temperature: z.literal(1),
  text: z.strictObject({ format: z.strictObject({ type: z.literal('text') }) }),
  tool_choice: z.literal('auto'),
  tools: z.array(z.looseObject({})),
  top_logprobs: z.literal(0),
  top_p: z.literal(1),
  truncation: z.literal('disabled'),
  usage: usage.nullable(),
  user: z.string().nullable(),
  metadata: z.strictObject({}),
})
const error = z.strictObject({
  message: z.string().min(1),
  type: z.string(),
  param: z.string().nullable(),
  code: z.union([z.string(), z.number()]).nullable(),
})

const at = { sequence_number: count, output_index: count, item_id: z.string() }
const inPart = { ...at, content_index: z.literal(0) }
const inSummary = { ...at, summary_index: z.literal(0) }
const of = <T extends string>(type: T, fields: z.ZodRawShape) =>
  z.strictObject({ type: z.literal(type), sequence_number: count, ...fields })
const events = z.discriminatedUnion('type', [
  of('response.created', { response }),
  of('response.in_progress', { response }),
  of('response.completed', { response }),
  of('response.incomplete', { response }),
  of('response.failed', { response }),
  of('response.output_item.added', { output_index: count, item }),
  of('response.output_item.done', { output_index: count, item }),
  of('response.content_part.added', { ...inPart, part }),
  of('response.content_part.done', { ...inPart, part }),
  of('response.output_text.delta', { ...inPart, logprobs: z.tuple([]), delta: z.string() }),
  of('response.output_text.done', { ...inPart, logprobs: z.tuple([]), text: z.string() }),
  of('response.refusal.delta', { ...inPart, delta: z.string() }),
  of('response.refusal.done', { ...inPart, refusal: z.string() }),
  of('response.function_call_arguments.delta', { ...at, delta: z.string() }),
  of('response.function_call_arguments.done', { ...at, arguments: z.string() }),
  of('response.custom_tool_call_input.delta', { ...at, delta: z.string() }),
  of('response.custom_tool_call_input.done', { ...at, input: z.string() }),
  of('response.reasoning_summary_part.added', { ...inSummary, part: summary }),
  of('response.reasoning_summary_part.done', { ...inSummary, part: summary }),
  of('response.reasoning_summary_text.delta', { ...inSummary, delta: z.string() }),
  of('response.reasoning_summary_text.done', { ...inSummary, text: z.string() }),
  of('error', { error }),
])

const calling: Reply = {
  blocks: [
    { kind: 'text', text: 'At once, and with care.' },
    { kind: 'tool-call', id: 'call_A', name: 'refund', input: { orderId: '42', lines: [1, null] } },
    { kind: 'tool-call', id: 'call_B', name: 'patch', input: '*** Begin\n "quoted" 🚚' },
    { kind: 'tool-call', id: 'call_C', name: 'crm.find', input: { name: 'Zoë' } },
  ],
  stop: 'tool-use',
}
const replies: Readonly<Record<string, Reply>> = {
  calling,
  'a text': { blocks: [{ kind: 'text', text: 'So.' }], stop: 'end-turn' },
  'nothing at all': { blocks: [], stop: 'end-turn' },
  'cut short': { blocks: [{ kind: 'text', text: 'So' }], stop: 'max-tokens' },
  'a refusal': { blocks: [{ kind: 'text', text: 'I will not.' }], stop: 'refusal' },
  filtered: { blocks: [], stop: 'refusal' },
}
const thinking = { reasoning: { effort: 'low', summary: 'auto' }, include: ['reasoning.encrypted_content'] }
const asked = {
  model: 'gpt-5.4',
  input: 'Do it.',
  tools: [
    { type: 'function', name: 'refund' },
    { type: 'custom', name: 'patch' },
    { type: 'namespace', name: 'crm', description: 'Customers.', tools: [{ type: 'function', name: 'find' }] },
  ],
}

function ask(settings: object = {}): { session: ProviderSession; write(reply: Reply): WireAnswer } {
  const session = openSession()
  const call = accept(session, { ...asked, ...settings }, own)
  const usage = { inputTokens: 10, outputTokens: 5, cachedInputTokens: 8, reasoningTokens: 2 }
  return { session, write: (reply) => session.write(call, reply, usage) }
}

/** Throws where the value is not as the schema has it, and says which field. */
function hold(schema: z.ZodType, value: unknown): void {
  const { error: wrong } = schema.safeParse(value)
  if (wrong) throw new Error(`${JSON.stringify(value)}\n${z.prettifyError(wrong)}`)
}

/** The events, each of which its first line names too. */
function eventsIn(text: string): { readonly type: string; readonly sequence_number: number }[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .map((chunk) => {
      const [, name, data] = /^event: (\S+)\ndata: (.*)$/.exec(chunk) ?? []
      const event = JSON.parse(data ?? '')
      expect(event.type).toBe(name)
      return event
    })
}

function responseTo(reply: Reply, settings: object = {}): OpenAI.Responses.Response {
  return JSON.parse(ask(settings).write(reply).chunks.join(''))
}

describe('the wire has the fields that the API sends, and no others', () => {
  test.each(Object.entries(replies))('an answer: %s', (_name, reply) => {
    hold(response, responseTo(reply))
    hold(response, responseTo(reply, thinking))
  })

  test.each(Object.entries(replies))('a stream, its events numbered from 0: %s', (_name, reply) => {
    for (const settings of [{}, thinking]) {
      const { chunks } = ask({ ...settings, stream: true }).write(reply)
      const seen = chunks.flatMap(eventsIn)
      expect(seen.length).toBe(chunks.length)
      for (const event of seen) hold(events, event)
      expect(seen.map((event) => event.sequence_number)).toEqual(seen.map((_, index) => index))
    }
  })

  test.each(modelFailureCodes)('the error %s breaks a stream off, its numbers going on from what was sent', (code) => {
    const { session, write } = ask({ stream: true })
    const sent = write(calling).chunks.slice(0, 5)
    const broken = eventsIn(session.failInStream(code, [...sent, session.ping()].join('')))
    for (const event of broken) hold(events, event)
    expect(broken.map(({ type, sequence_number }) => [type, sequence_number])).toEqual([
      ['error', 5],
      ['response.failed', 6],
    ])
  })

  test('an error before anything was sent ends no response', () => {
    const { session, write } = ask({ stream: true })
    write(calling)
    expect(eventsIn(session.failInStream('overloaded')).map(({ type }) => type)).toEqual(['error'])
  })
})

describe('an answer', () => {
  test('has an item for each text and each call, with the free text of custom tools and the names of namespaces', () => {
    expect(responseTo(calling).output).toMatchObject([
      { type: 'message', content: [{ type: 'output_text', text: 'At once, and with care.' }] },
      { type: 'function_call', call_id: 'call_A', name: 'refund', arguments: '{"orderId":"42","lines":[1,null]}' },
      { type: 'custom_tool_call', call_id: 'call_B', name: 'patch', input: '*** Begin\n "quoted" 🚚' },
      { type: 'function_call', call_id: 'call_C', namespace: 'crm', name: 'find', arguments: '{"name":"Zoë"}' },
    ])
  })

  test.each([
    ['calling', { status: 'completed', incomplete_details: null }],
    ['cut short', { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }],
    ['a refusal', { status: 'completed', output: [{ content: [{ type: 'refusal', refusal: 'I will not.' }] }] }],
    ['filtered', { status: 'incomplete', incomplete_details: { reason: 'content_filter' }, output: [] }],
  ])('that is %s says so', (name, said) => {
    expect(responseTo(replies[name] as Reply)).toMatchObject(said)
  })

  test('says what of its tokens was read from the cache, and what went into thoughts', () => {
    expect(responseTo(calling).usage).toEqual({
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 8 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 2 },
      total_tokens: 15,
    })
  })

  test('whose calls come back with their names is the conversation that the model knows', () => {
    const { session, write } = ask({ stream: false })
    const { id: previous } = JSON.parse(write(calling).chunks.join('')) as { readonly id: string }
    const input = ['call_A', 'call_B', 'call_C'].map((call_id) => ({
      type: call_id === 'call_B' ? 'custom_tool_call_output' : 'function_call_output',
      call_id,
      output: [{ type: 'input_text', text: 'ok' }],
    }))
    const { conversation } = accept(session, { ...asked, previous_response_id: previous, input }, own)
    expect(conversation.tools).toEqual(['refund', 'patch', 'crm.find'])
    expect(conversation.messages[1]?.blocks).toEqual(calling.blocks)
  })
})

describe.each([
  ['6', OpenAI],
  ['7', OpenAI7 as unknown as typeof OpenAI],
])('the client %s', (_version, Client) => {
  const clientOn = (text: string) => {
    const headers = { 'content-type': 'text/event-stream' }
    return new Client({
      apiKey: 'k',
      maxRetries: 0,
      logLevel: 'off',
      fetch: async () => new Response(text, { headers }),
    })
  }

  test.each(Object.entries(replies))(
    'puts a stream together to what the answer at once is: %s',
    async (_name, reply) => {
      const stream = ask({ ...thinking, stream: true })
        .write(reply)
        .chunks.join('')
      const final = await clientOn(stream).responses.stream({ model: 'gpt-5.4', input: 'x' }).finalResponse()
      expect(final).toMatchObject({ ...responseTo(reply, thinking), output: expect.anything() })
      expect(final.output.map(({ id }) => id)).toEqual(responseTo(reply, thinking).output.map(({ id }) => id))
    },
  )

  test('is handed what has come, at each border of an event and within each', async () => {
    const session = openSession()
    const call = accept(session, { ...asked, ...thinking, stream: true }, own)
    const { chunks } = session.write(call, calling, { inputTokens: 1, outputTokens: 1 })
    const text = chunks.join('')
    const borders = chunks.map((_, index) => chunks.slice(0, index + 1).join('').length)
    // Without the last line break the newer one takes an event for whole, and the older one does not.
    for (const end of borders.flatMap((border) => [border - 30, border])) {
      const cut = text.slice(0, end)
      const seen = { text: '', whole: [] as string[], begun: [] as string[] }
      const events = await clientOn(cut).responses.create({ model: 'm', input: 'x', stream: true })
      for await (const event of untilBroken(events)) {
        if (event.type === 'response.output_text.delta') seen.text += event.delta
        if (event.type === 'response.output_item.added' && 'call_id' in event.item) {
          seen.begun.push(String(event.item.call_id))
        }
        if (event.type === 'response.function_call_arguments.done') seen.whole.push(event.item_id)
        if (event.type === 'response.custom_tool_call_input.done') seen.whole.push(event.item_id)
      }
      const { text: said, toolCalls, partial } = session.arrived(call, cut)
      expect([said, toolCalls.length]).toEqual([seen.text, seen.whole.length])
      expect([...toolCalls.map((one) => one.id), ...(partial ? [partial.id] : [])]).toEqual(seen.begun)
    }
  })
})

/** The newer client throws where a stream ends within an event. */
async function* untilBroken<T>(events: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* events
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
}
