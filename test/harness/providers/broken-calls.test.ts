/** Proves what each API gives out of a tool call whose input was cut off or is no JSON, and how it reads one that comes back. */
import Anthropic from '@anthropic-ai/sdk'
import type OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import type { BrokenCall, Reply } from '../../../harness/contracts/conversation.js'
import type { ModelCall, ProviderSession, WireAnswer } from '../../../harness/contracts/provider.js'
import { openSession as openMessages } from '../../../harness/providers/anthropic/session.js'
import { openSession as openGemini } from '../../../harness/providers/gemini/session.js'
import { openSession as openChat } from '../../../harness/providers/openai/chat/session.js'
import { openSession as openResponses } from '../../../harness/providers/openai/responses/session.js'

const meant = { orderId: '42', note: 'Sorry' }
const [half, inNote] = ['{"orderId":"42","not', '{"orderId":"42","note":"So']
const breakAt = (text: string): BrokenCall => ({ kind: 'broken-call', id: 'call_B', name: 'refund', text, meant })
const whole = { kind: 'tool-call', id: 'call_A', name: 'look', input: { at: '42' } } as const
const cut = (text: string, ...before: Reply['blocks']): Reply => ({
  blocks: [...before, breakAt(text)],
  stop: 'max-tokens',
})
const callWith = (text: string): Reply => ({ blocks: [breakAt(text)], stop: 'tool-use' })

const usage = { inputTokens: 9, outputTokens: 9 }

/** Reads the body, and writes the reply to it. */
function answerTo(
  session: ProviderSession,
  { url, body, headers = {} }: { url: string; body: object; headers?: Record<string, string> },
  reply: Reply,
): { readonly call: ModelCall; readonly answer: WireAnswer } {
  const all: Record<string, string> = {
    'x-api-key': 'k',
    'anthropic-version': '2023-06-01',
    authorization: 'Bearer k',
    'x-goog-api-key': 'k',
    ...headers,
  }
  const header = (name: string) => all[name] ?? null
  const read = session.read({ method: 'POST', url, header, headers: () => all, body: JSON.stringify(body) })
  if (read.kind === 'refusal') throw new Error(read.message)
  return { call: read, answer: session.write(read, reply, usage) }
}

const bodyOf = ({ chunks }: WireAnswer) => JSON.parse(chunks.join('')) as Record<string, never>
const eventsOf = ({ chunks }: WireAnswer) =>
  [...chunks.join('').matchAll(/^data: (\{.*)$/gm)].map(([, data = '']) => JSON.parse(data) as Record<string, never>)

describe("Anthropic's Messages", () => {
  const tool = { name: 'refund', input_schema: { type: 'object' } }
  const ask = (reply: Reply, { stream = false, eager = false, beta = false } = {}) =>
    answerTo(
      openMessages(),
      {
        url: 'https://api.anthropic.com/v1/messages',
        body: {
          model: 'claude-opus-5-5',
          max_tokens: 9,
          stream,
          messages: [{ role: 'user', content: 'Refund.' }],
          tools: [{ ...tool, ...(eager && { eager_input_streaming: true }) }],
        },
        headers: beta ? { 'anthropic-beta': 'fine-grained-tool-streaming-2025-05-14' } : {},
      },
      reply,
    )
  /** All of the last block's input that is streamed. */
  const inputIn = (answer: WireAnswer) =>
    eventsOf(answer)
      .map(({ delta }) => (delta as { readonly partial_json?: string } | undefined)?.partial_json ?? '')
      .join('')

  it('give an answer at once the fields that came whole, and the reason why it ended', () => {
    const { content, stop_reason } = bodyOf(ask(cut(inNote, whole)).answer)
    expect([content, stop_reason]).toMatchObject([
      [
        { id: 'call_A', input: { at: '42' } },
        { type: 'tool_use', id: 'call_B', input: { orderId: '42' } },
      ],
      'max_tokens',
    ])
    expect(bodyOf(ask(cut('{"orderId":"4')).answer).content).toMatchObject([{ input: {} }])
  })

  it.each([
    ['nothing of a first field that was cut', '{"orderId":"4', {}, ''],
    ['the fields that came whole', inNote, {}, '{"orderId":"42"'],
    ['all that came, where the tool asks for that', inNote, { eager: true }, inNote],
    ['all that came, where the request asks for that', inNote, { beta: true }, inNote],
  ])('stream %s', (_, text, how, expected) => {
    const { answer } = ask(cut(text), { stream: true, ...how })
    expect(inputIn(answer)).toBe(expected)
    expect(eventsOf(answer).at(-2)).toMatchObject({ delta: { stop_reason: 'max_tokens' } })
  })

  it('stream what is no JSON only where nothing checks it, and say so of every answer', () => {
    expect(inputIn(ask(callWith("{'orderId':'42'}"), { stream: true, eager: true }).answer)).toBe("{'orderId':'42'}")
    const lack = (how: object) => ask(callWith('{'), how).call.lacks?.['loose-input']
    expect(lack({})).toContain('as JSON')
    expect(lack({ eager: true })).toContain('as JSON')
    expect(lack({ stream: true })).toContain('`eager_input_streaming`')
    expect(lack({ stream: true, eager: true })).toBeUndefined()
  })

  it('are read by the client of the vendor as a call of less', async () => {
    const { answer } = ask(cut(inNote), { stream: true, eager: true })
    const fetch: typeof globalThis.fetch = async () => new Response(answer.chunks.join(''), answer)
    const client = new Anthropic({ apiKey: 'k', fetch })
    const stream = client.messages.stream({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'x' }] })
    const { content, stop_reason } = await stream.finalMessage()
    expect([content, stop_reason]).toMatchObject([[{ input: { orderId: '42' } }], 'max_tokens'])
  })

  it('go on in a thread from what could be read', () => {
    const session = openMessages()
    const url = 'https://api.anthropic.com/v1/messages'
    const headers = { 'anthropic-beta': 'message-threads-2026-08-12' }
    const asked = { model: 'claude-opus-5-5', max_tokens: 9 }
    const first = { ...asked, thread: { type: 'create' }, messages: [{ role: 'user', content: 'x' }], tools: [tool] }
    const { answer } = answerTo(session, { url, headers, body: first }, cut(inNote))
    const thread = { type: 'continue', previous_message_id: bodyOf(answer).id }
    const content = [{ type: 'tool_result', tool_use_id: 'call_B', content: 'it was cut off', is_error: true }]
    const next = { ...asked, thread, messages: [{ role: 'user', content }] }
    const { call } = answerTo(session, { url, headers, body: next }, cut(inNote))
    expect(call.conversation.messages[1]?.blocks).toEqual([
      { kind: 'tool-call', id: 'call_B', name: 'refund', input: { orderId: '42' } },
    ])
  })
})

describe("OpenAI's Chat Completions", () => {
  const url = 'https://api.openai.com/v1/chat/completions'
  const tools = [{ type: 'function', function: { name: 'refund', parameters: { type: 'object' } } }]
  const body = { model: 'gpt-5.4', tools, messages: [{ role: 'user', content: 'Refund.' }] }
  const ask = (reply: Reply, more: object = {}) => answerTo(openChat(), { url, body: { ...body, ...more } }, reply)

  it('hand on what there is of the arguments, as text', () => {
    const [choice] = bodyOf(ask(cut(half, whole)).answer).choices as unknown as OpenAI.ChatCompletion.Choice[]
    expect(choice).toMatchObject({
      finish_reason: 'length',
      message: { tool_calls: [{ id: 'call_A' }, { id: 'call_B', function: { name: 'refund', arguments: half } }] },
    })
    const [wrong] = bodyOf(ask(callWith(half)).answer).choices as unknown as OpenAI.ChatCompletion.Choice[]
    expect(wrong).toMatchObject({
      finish_reason: 'tool_calls',
      message: { tool_calls: [{ function: { arguments: half } }] },
    })
  })

  it('stream it, and tell what had arrived all the same', () => {
    const session = openChat()
    const { call, answer } = answerTo(session, { url, body: { ...body, stream: true } }, cut(half))
    const deltas = eventsOf(answer).flatMap(({ choices }) => choices as unknown as OpenAI.ChatCompletionChunk.Choice[])
    const text = deltas.map(({ delta }) => delta.tool_calls?.[0]?.function?.arguments ?? '').join('')
    expect([text, deltas.at(-1)?.finish_reason]).toEqual([half, 'length'])
    expect(session.arrived(call, answer.chunks.join('')).toolCalls).toEqual([
      { id: 'call_B', name: 'refund', input: half },
    ])
  })

  it('take it back with an error for its result', () => {
    const asked = { id: 'call_B', type: 'function', function: { name: 'refund', arguments: half } }
    const messages = [
      ...body.messages,
      { role: 'assistant', content: null, tool_calls: [asked] },
      { role: 'tool', tool_call_id: 'call_B', content: 'the arguments are no JSON' },
    ]
    const { call } = ask({ blocks: [], stop: 'end-turn' }, { messages })
    expect(call.conversation.messages[1]?.blocks).toMatchObject([{ kind: 'tool-call', input: half }])
  })

  it('have no input that is no JSON of a tool that takes any text', () => {
    const custom = [{ type: 'custom', custom: { name: 'refund' } }]
    expect(ask(callWith(half), { tools: custom }).call.looseInputs).toEqual([])
    expect(ask(callWith(half)).call.looseInputs).toEqual(['refund'])
  })
})

describe("OpenAI's Responses", () => {
  const url = 'https://api.openai.com/v1/responses'
  const tools = [{ type: 'function', name: 'refund', parameters: { type: 'object' }, strict: false }]
  const ask = (reply: Reply, more: object = {}) =>
    answerTo(openResponses(), { url, body: { model: 'gpt-5.4', tools, input: 'Refund.', ...more } }, reply)

  it('give the item that was cut out as incomplete, and those before it as complete', () => {
    const { status, incomplete_details, output } = bodyOf(ask(cut(half, whole)).answer)
    expect({ status, incomplete_details }).toEqual({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    })
    const calls = (output as unknown as OpenAI.Responses.ResponseOutputItem[]).filter(
      (it) => it.type === 'function_call',
    )
    expect(calls).toMatchObject([
      { call_id: 'call_A', status: 'completed', arguments: '{"at":"42"}' },
      { call_id: 'call_B', status: 'incomplete', arguments: half },
    ])
    const [wrong] = bodyOf(ask(callWith(half)).answer).output as unknown as { status: string; arguments: string }[]
    expect(wrong).toMatchObject({ status: 'completed', arguments: half })
  })

  it('stream it to an event that says so', () => {
    const { answer } = ask(cut(half), { stream: true })
    const events = eventsOf(answer)
    const deltas = events.filter(({ type }) => type === 'response.function_call_arguments.delta')
    expect(deltas.map(({ delta }) => delta as unknown as string).join('')).toBe(half)
    expect(events.at(-1)).toMatchObject({ type: 'response.incomplete', response: { status: 'incomplete' } })
  })
})

describe('the Gemini API', () => {
  const origin = 'https://generativelanguage.googleapis.com/v1beta/models/gemini-3.1-pro-preview'
  const body = {
    contents: [{ role: 'user', parts: [{ text: 'Refund.' }] }],
    tools: [{ functionDeclarations: [{ name: 'refund' }] }],
  }
  const ask = (reply: Reply, how = 'generateContent') =>
    answerTo(openGemini(), { url: `${origin}:${how}`, body }, reply).answer
  const candidateOf = (event: Record<string, never> = {}) =>
    (event.candidates as unknown as { content: { parts?: object[] }; finishReason: string }[])[0]

  it('gives nothing out of a call that was cut, and all of those before it', () => {
    const { content, finishReason } = candidateOf(bodyOf(ask(cut(half, whole)))) ?? {}
    expect([content?.parts, finishReason]).toMatchObject([[{ functionCall: { name: 'look' } }], 'MAX_TOKENS'])
    expect(candidateOf(bodyOf(ask(cut(half))))).toMatchObject({
      content: { role: 'model' },
      finishReason: 'MAX_TOKENS',
    })
    expect(JSON.stringify(bodyOf(ask(cut(half))))).not.toContain('refund')
  })

  it.each(['generateContent', 'streamGenerateContent?alt=sse'])(
    'says by its reason that a call was malformed: %s',
    (how) => {
      const answer = ask(callWith(half), how)
      const last = how === 'generateContent' ? bodyOf(answer) : eventsOf(answer).at(-1)
      expect(candidateOf(last)).toMatchObject({
        content: {},
        finishReason: 'MALFORMED_FUNCTION_CALL',
        finishMessage: `Malformed function call: refund${half}`,
      })
    },
  )
})
