/** Proves that conversations which the endpoint keeps are as the vendor's own client has them, and that responses go on from them. */
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import type { Reply } from '../../../../../harness/contracts/conversation.js'
import type { ProviderSession, WireAnswer, WireRequest } from '../../../../../harness/contracts/provider.js'
import { openSession } from '../../../../../harness/providers/openai/responses/session.js'
import { conversations } from '../../../../../harness/providers/openai/responses/utility.js'

const asking: Reply = {
  blocks: [{ kind: 'tool-call', id: 'call_1', name: 'refund', input: { orderId: '42' } }],
  stop: 'tool-use',
}
const saying: Reply = { blocks: [{ kind: 'text', text: 'Done.' }], stop: 'end-turn' }
const usage = { inputTokens: 1, outputTokens: 1 }

/** The client of an endpoint that gives these replies, with what its model was asked last. */
function clientOf(session: ProviderSession, { replies = [saying], ids = [] as readonly string[] } = {}) {
  const seen: { messages: unknown } = { messages: undefined }
  let turn = 0
  const answer = (request: WireRequest): WireAnswer | undefined => {
    if (new URL(request.url).pathname.includes('/conversations')) return session.serve?.(request, ids)
    const call = session.read(request)
    if (call.kind === 'refusal') return call.answer
    seen.messages = call.conversation.messages.map(({ role, blocks }) => [role, ...blocks.map((block) => block.kind)])
    return session.write(call, replies[turn++ % replies.length] as Reply, usage)
  }
  const fetch = async (input: string | URL | Request, init: RequestInit = {}) => {
    const headers = new Headers(init.headers)
    const given = answer({
      method: init.method ?? 'GET',
      url: String(input),
      header: (name) => headers.get(name),
      headers: () => Object.fromEntries(headers),
      body: String(init.body ?? ''),
    })
    return new Response(given?.chunks.join(''), { status: given?.status ?? 500, headers: given?.headers ?? {} })
  }
  return { client: new OpenAI({ apiKey: 'sk-test', maxRetries: 0, fetch: fetch as typeof globalThis.fetch }), seen }
}
const hello = { role: 'user', content: 'Hello.' } as const
async function gather<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const one of pages) all.push(one)
  return all
}
const again = (session: ProviderSession) => openSession(JSON.parse(JSON.stringify(session.snapshot())))

describe('a conversation', () => {
  it('is made, looked at, changed and deleted', async () => {
    const { client } = clientOf(openSession())
    const made = await client.conversations.create({ metadata: { of: 'nobody' } })
    expect(made).toMatchObject({
      object: 'conversation',
      metadata: { of: 'nobody' },
      id: expect.stringMatching(/^conv_/),
    })
    expect(await client.conversations.retrieve(made.id)).toEqual(made)
    expect(await client.conversations.update(made.id, { metadata: { of: 'me' } })).toEqual({
      ...made,
      metadata: { of: 'me' },
    })
    expect(await client.conversations.delete(made.id)).toEqual({
      id: made.id,
      object: 'conversation.deleted',
      deleted: true,
    })
    await expect(client.conversations.retrieve(made.id)).rejects.toMatchObject({ status: 404 })
  })

  it('has another id each time, and those that are wished for first', async () => {
    const session = openSession()
    const ids = async (wished: readonly string[]) => {
      const { client } = clientOf(session, { ids: wished })
      return [(await client.conversations.create()).id, (await client.conversations.create()).id]
    }
    expect(await ids(['conv_one'])).toEqual(['conv_one', expect.stringMatching(/^conv_\w{48}$/)])
    expect(new Set([...(await ids(['conv_one'])), ...(await ids([]))]).size).toBe(4)
  })

  it('holds what agents put in, each under an id, and gives it a page at a time', async () => {
    const { client } = clientOf(openSession())
    const { id } = await client.conversations.create({ items: [hello] })
    const more = Array.from({ length: 20 }, (_, index) => ({ role: 'user', content: `${index}` }) as const)
    const added = await client.conversations.items.create(id, { items: more })
    expect([added.data.length, added.first_id, added.has_more]).toEqual([20, added.data[0]?.id, false])
    const all = await gather(client.conversations.items.list(id, { order: 'asc', limit: 8 }))
    expect(all.map((item) => item.type === 'message' && item.content)).toEqual(
      ['Hello.', ...more.map(({ content }) => content)].map((text) => [{ type: 'input_text', text }]),
    )
    const newest = await client.conversations.items.list(id, { limit: 1 })
    expect(newest.data[0]).toEqual(all.at(-1))
    const one = all[3]?.id as string
    expect(await client.conversations.items.retrieve(one, { conversation_id: id })).toEqual(all[3])
    await client.conversations.items.delete(one, { conversation_id: id })
    await expect(client.conversations.items.retrieve(one, { conversation_id: id })).rejects.toMatchObject({
      status: 404,
    })
    expect(await gather(client.conversations.items.list(id))).toHaveLength(20)
  })

  it.each([
    ['too many items', { items: Array.from({ length: 21 }, () => hello) }, 'array_above_max_length'],
    ['items that are none', { items: [{ type: 'thought' }] }, 'invalid_value'],
    ['metadata of another type', { metadata: 'x' }, 'invalid_type'],
  ])('refuses %s', async (_, body, code) => {
    const { client } = clientOf(openSession())
    await expect(client.conversations.create(body as never)).rejects.toMatchObject({ status: 400, code })
  })

  it('needs a key at the vendor itself, and where nothing is kept it answers all the same', () => {
    const request = {
      method: 'POST',
      url: 'https://api.openai.com/v1/conversations',
      header: () => null,
      headers: () => ({}),
      body: '',
    }
    expect(conversations.answer(request).status).toBe(401)
    expect(conversations.answer({ ...request, header: () => 'Bearer x' }).status).toBe(200)
  })
})

describe('a response in a conversation', () => {
  const tools = [{ type: 'function', name: 'refund', parameters: {}, strict: false } as const]
  const asked = { model: 'gpt-5.4', tools }
  const result = { type: 'function_call_output', call_id: 'call_1', output: 'ok' } as const

  it.each([
    ['named by its id', (id: string) => id, (session: ProviderSession) => session],
    ['as an object, after a crash', (id: string) => ({ id }), again],
  ])('goes on from all that is in it, and adds to it: %s', async (_, named, then) => {
    const session = openSession()
    const { client } = clientOf(session, { replies: [asking] })
    const { id } = await client.conversations.create({ items: [hello] })
    const first = await client.responses.create({ ...asked, conversation: named(id), input: 'Refund order 42.' })
    expect(first.conversation).toEqual({ id })
    const next = clientOf(then(session))
    await next.client.responses.create({ ...asked, conversation: named(id), input: [result] })
    expect(next.seen.messages).toEqual([
      ['user', 'text', 'text'],
      ['assistant', 'tool-call'],
      ['user', 'tool-result'],
    ])
    const items = await gather(next.client.conversations.items.list(id, { order: 'asc' }))
    const kinds = ['message', 'message', 'function_call', 'function_call_output', 'message']
    expect(items.map(({ type }) => type)).toEqual(kinds)
    expect(new Set(items.map((item) => item.id)).size).toBe(5)
    // Each may be named by its id too.
    const references = items.slice(0, 2).map((item) => ({ type: 'item_reference' as const, id: item.id as string }))
    await next.client.responses.create({ ...asked, input: references })
    expect(next.seen.messages).toEqual([['user', 'text', 'text']])
  })

  it('that failed on its way has added nothing', async () => {
    const session = openSession()
    const { client } = clientOf(session)
    const { id } = await client.conversations.create()
    await client.responses.create({ ...asked, conversation: id, input: 'Hello.' })
    session.failInStream('server-error')
    expect(await gather(client.conversations.items.list(id))).toEqual([])
  })

  it.each([
    ['one that nobody made', { conversation: 'conv_none' }, 404, "Conversation with id 'conv_none' not found."],
    [
      'one that is no id',
      { conversation: 7 },
      400,
      "Invalid type for 'conversation': expected one of a string or object",
    ],
    ['an object without an id', { conversation: {} }, 400, "Missing required parameter: 'conversation.id'."],
    ['a response beside it', { conversation: 'conv_1', previous_response_id: 'resp_1' }, 400, 'Mutually exclusive'],
  ])('refuses %s', async (_, more, status, message) => {
    const { client } = clientOf(openSession())
    const refused = client.responses.create({ ...asked, input: 'Hello.', ...(more as object) })
    await expect(refused).rejects.toMatchObject({ status, message: expect.stringContaining(message) })
  })
})
