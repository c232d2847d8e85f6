/** Proves that thoughts go out signed, come back as they went, and are refused where they do not: by both of the vendor's clients. */
import Anthropic1 from '@anthropic-ai/sdk'
import Anthropic0 from 'anthropic-sdk-0'
import { describe, expect, it, test } from 'vitest'
import type { Reply } from '../../../harness/contracts/conversation.js'
import { call, say, script } from '../../../harness/models/script.js'
import { openSession } from '../../../harness/providers/anthropic/session.js'
import { rejection, simulate } from '../../support/providers/simulated.js'

const model = 'claude-opus-5-5'
const thinking = { type: 'enabled', budget_tokens: 1024 } as const
const tools: Anthropic1.Tool[] = [{ name: 'refund', input_schema: { type: 'object' } }]
const steps = script([call('refund', { orderId: '42' }, { text: 'At once.' }), say('Refunded.')])
const start: Anthropic1.MessageParam = { role: 'user', content: 'Refund order 42.' }

type Content = readonly Anthropic1.ContentBlock[]
type Settings = Partial<Anthropic1.MessageCreateParamsNonStreaming>

const clients: readonly (readonly [version: string, client: typeof Anthropic1])[] = [
  ['1', Anthropic1],
  ['0', Anthropic0 as unknown as typeof Anthropic1],
]

describe.each(clients)('@anthropic-ai/sdk %s', (_version, Client) => {
  const connect = () => new Client({ apiKey: 'k', maxRetries: 0, fetch: simulate(steps).fetch })
  const params = (messages: Anthropic1.MessageParam[], more: Settings = {}) => ({
    model,
    max_tokens: 4096,
    thinking,
    tools,
    messages,
    ...more,
  })

  /** The answer to the task, and what comes of handing it back as `change` leaves it. */
  async function goOn(change: (content: Content) => unknown, more: Settings = {}) {
    const client = connect()
    const { content } = await client.messages.create(params([start], more))
    const id = content.find((block) => block.type === 'tool_use')?.id ?? ''
    const answered = { role: 'assistant', content: change(content) } as Anthropic1.MessageParam
    const results: Anthropic1.MessageParam = { role: 'user', content: [{ type: 'tool_result', tool_use_id: id }] }
    return client.messages.create(params([start, answered, results], more))
  }

  it.each([false, true])('is given thoughts before the answer, streamed: %s', async (stream) => {
    const client = connect()
    const { content } = stream
      ? await client.messages.stream(params([start])).finalMessage()
      : await client.messages.create(params([start]))
    expect(content).toMatchObject([
      { type: 'thinking', thinking: expect.stringMatching(/./), signature: expect.stringMatching(/./) },
      { type: 'text', text: 'At once.' },
      { type: 'tool_use', name: 'refund', input: { orderId: '42' } },
    ])
  })

  it('is given their signature alone where it wants no more, and none where thinking is off', async () => {
    const client = connect()
    const omitted = { type: 'adaptive', display: 'omitted' } as const
    const { content } = await client.messages.create(params([start], { thinking: omitted }))
    expect(content[0]).toMatchObject({ type: 'thinking', thinking: '', signature: expect.stringMatching(/./) })
    const off = await client.messages.create(params([start], { thinking: { type: 'disabled' } }))
    expect(off.content.map(({ type }) => type)).toEqual(['text', 'tool_use'])
  })

  it('goes on with the thoughts that it was given, and with thoughts that were hidden', async () => {
    const done = [{ type: 'thinking' }, { type: 'text', text: 'Refunded.' }]
    expect((await goOn((content) => content)).content).toMatchObject(done)
    const hidden = { type: 'redacted_thinking', data: 'c2VhbGVk' }
    expect((await goOn(([, ...rest]) => [hidden, ...rest])).content).toMatchObject(done)
    expect((await goOn(([, ...rest]) => rest, { thinking: { type: 'adaptive' } })).content).toMatchObject(done)
  })

  it.each<[string, (content: Content) => unknown, RegExp]>([
    [
      'without the thoughts before its calls',
      ([, ...rest]) => rest,
      /messages\.1\.content\.0\.type: Expected `thinking` or `redacted_thinking`, but found `text`\. When `thinking` is enabled, a final/,
    ],
    [
      'with other words in them',
      ([thought, ...rest]) => [{ ...thought, thinking: 'Something else.' }, ...rest],
      /messages\.1\.content\.0: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified/,
    ],
    [
      'with the signature of another model',
      ([thought, ...rest]) => [{ ...thought, signature: 'c2lnbmVk' }, ...rest],
      /messages\.1\.content\.0: Invalid `signature` in `thinking` block/,
    ],
    [
      'without a signature',
      ([thought, ...rest]) => [{ ...thought, signature: undefined }, ...rest],
      /messages\.1\.content\.0\.thinking\.signature: Field required/,
    ],
  ])('is refused %s', async (_what, change, message) => {
    const error = await rejection(goOn(change))
    expect(error).toBeInstanceOf(Client.BadRequestError)
    expect((error as Error).message).toMatch(message)
  })
})

describe('settings that do not go together are refused', () => {
  test.each<[string, object, string]>([
    [
      'too few tokens to think',
      { thinking: { type: 'enabled', budget_tokens: 1023 } },
      'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024',
    ],
    [
      'more tokens to think than in all',
      { thinking: { type: 'enabled', budget_tokens: 4096 } },
      '`max_tokens` must be greater than `thinking.budget_tokens`.',
    ],
    ['no tokens to think', { thinking: { type: 'enabled' } }, 'thinking.enabled.budget_tokens: Field required'],
    [
      'another temperature',
      { thinking, temperature: 0 },
      '`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.',
    ],
    [
      'a tool that must be called',
      { thinking, tool_choice: { type: 'any' } },
      'Thinking may not be enabled when tool_choice forces tool use.',
    ],
  ])('%s', (_what, settings, message) => {
    expect(refusal({ max_tokens: 4096, ...settings })).toEqual([400, message])
  })
})

describe('the version of the API', () => {
  test.each(['2023-01-01', '2023-06-01', '2026-10-21'])('%s is one', (version) => {
    expect(refusal({ max_tokens: 9 }, version)).toBeUndefined()
  })

  test.each(['2024-10-22', '2023-06-01, 2023-06-01'])('%s is none', (version) => {
    expect(refusal({ max_tokens: 9 }, version)).toEqual([400, `anthropic-version: "${version}" is not a valid version`])
  })
})

test('either way to authenticate will do, and one is needed', () => {
  const read = (headers: Record<string, string>) =>
    readBy(openSession(), {}, { 'anthropic-version': '2023-06-01', ...headers })
  expect(read({ authorization: 'Bearer k' }).kind).toBe('call')
  expect(read({ 'x-api-key': 'k' }).kind).toBe('call')
  expect(read({})).toMatchObject({ kind: 'refusal', status: 401, reason: 'unauthenticated' })
})

describe("an answer that ends for a tool and calls none of the agent's", () => {
  const reply: Reply = { blocks: [{ kind: 'text', text: 'I look it up.' }], stop: 'tool-use' }
  const answerTo = (offered: object[], stream: boolean) => {
    const session = openSession()
    const read = readBy(session, { tools: offered, stream })
    if (read.kind === 'refusal') throw new Error(read.message)
    const text = session.write(read, reply, { inputTokens: 1, outputTokens: 1 }).chunks.join('')
    return { text, arrived: session.arrived(read, text) }
  }
  const search = { type: 'web_search_20250305', name: 'web_search' }

  test.each([false, true])('pauses for one that the API runs, streamed: %s', (stream) => {
    const { text, arrived } = answerTo([search], stream)
    expect(text).toContain('"stop_reason":"pause_turn"')
    expect(text).toMatch(/"type":"server_tool_use","id":"srvtoolu_[a-z0-9]+","name":"web_search"/)
    expect(arrived).toEqual({ text: 'I look it up.', toolCalls: [] })
  })

  test('does not where there is none', () => {
    expect(answerTo(tools, false).text).toContain('"stop_reason":"tool_use"')
  })

  test('is gone on from with what it holds', () => {
    const use = { type: 'server_tool_use', id: 'srvtoolu_01', name: 'web_search', input: {} }
    const result = { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_01', content: [] }
    const messages = [start, { role: 'assistant', content: [{ type: 'text', text: 'I look.' }, use, result, use] }]
    expect(readBy(openSession(), { tools: [search], messages }).kind).toBe('call')
  })
})

function refusal(body: object, version = '2023-06-01'): unknown {
  const read = readBy(openSession(), body, { 'x-api-key': 'k', 'anthropic-version': version })
  return read.kind === 'refusal' ? [read.status, read.message] : undefined
}

function readBy(
  session: ReturnType<typeof openSession>,
  body: object,
  headers: Record<string, string> = { 'x-api-key': 'k', 'anthropic-version': '2023-06-01' },
) {
  return session.read({
    method: 'POST',
    url: 'https://api.anthropic.com/v1/messages',
    header: (name) => headers[name] ?? null,
    headers: () => headers,
    body: JSON.stringify({ model, max_tokens: 9, messages: [start], ...body }),
  })
}
