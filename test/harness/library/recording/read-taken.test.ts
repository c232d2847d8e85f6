import { describe, expect, it } from 'vitest'
import type { Recording } from '../../../../harness/contracts/recording.js'
import { readTaken } from '../../../../harness/library/recording/read-taken.js'
import type { Taken } from '../../../../harness/library/recording/take.js'
import { providers } from '../../../../harness/providers/catalogue.js'
import { chat, generateContent, messages, responses, type Said } from '../../../support/recording/vendors.js'

const call = (name: string, id: string) => ({ id, type: 'function', function: { name, arguments: '{}' } })
const ask = (url: string, body: string, headers: Readonly<Record<string, string>> = {}, method = 'POST') => ({
  method,
  url,
  body,
  header: (name: string) => headers[name] ?? null,
  headers: () => headers,
})
const json = { 'content-type': 'application/json' }
const take = (request: Taken['request'], text: string, more: Partial<Taken['answer']> = {}): Taken => ({
  request,
  answer: { status: 200, headers: json, body: { text }, ...more },
})
const read = (...taken: Taken[]): Recording => readTaken(taken, providers, {})
const replyOf = (taken: Taken) => read(taken).questions[0]?.reply

const openai = { authorization: 'Bearer of-nobody', ...json }
const askChat = (list: readonly object[], stream = false) =>
  ask(
    'https://api.openai.com/v1/chat/completions',
    JSON.stringify({ model: 'gpt-5.4', messages: list, stream }),
    openai,
  )
const user = (content: string) => ({ role: 'user', content })

describe('a question', () => {
  it('shares with an earlier one what it begins with, whoever asks in between', () => {
    const answered = [{ role: 'assistant', content: null, tool_calls: [call('look', 'c1')] }]
    const results = [{ role: 'tool', tool_call_id: 'c1', content: 'blue' }]
    const { questions } = read(
      take(askChat([user('Look.')]), chat([{ name: 'look', input: {} }], 0, false).text),
      take(askChat([user('A title?')]), chat('Sky', 1, false).text),
      take(askChat([user('Look.'), ...answered, ...results]), chat('Blue.', 2, false).text),
    )
    expect(questions.map(({ since, before, messages }) => [since, before, messages.length])).toEqual([
      [null, 0, 1],
      [null, 0, 1],
      [0, 1, 2],
    ])
  })

  it('that failed and was asked again is in it once; a utility is not', () => {
    const error = { status: 429, body: { text: '{"error":{}}' } }
    const embeddings = ask(
      'https://api.openai.com/v1/embeddings',
      '{"model":"text-embedding-3-small","input":"a"}',
      openai,
    )
    const { questions, requests } = read(
      take(askChat([user('Hi')]), '', error),
      take(askChat([user('Hi')]), chat('Hi.', 0, false).text),
      take(embeddings, '{"data":[]}'),
    )
    expect([questions.length, requests.length]).toEqual([1, 0])
  })

  const toResponses = (body: object) =>
    ask('https://api.openai.com/v1/responses', JSON.stringify({ model: 'gpt-5.4', ...body }), openai)

  it('holds what the vendor has kept of it, and under which ids', () => {
    const called = [{ name: 'look', input: {} }]
    const result = { type: 'function_call_output', call_id: 'call_00kVq7XwTzPn2RsLm', output: 'blue' }
    const made = ask('https://api.openai.com/v1/conversations', '{}', openai)
    const { questions, conversations } = read(
      take(made, '{"id":"conv_1","object":"conversation"}'),
      take(toResponses({ input: 'Look.' }), responses(called, 0, false).text),
      take(
        toResponses({ input: [result], previous_response_id: 'resp_00f3c9', stream: true }),
        responses('Blue.', 1, true).text,
      ),
      take(toResponses({ input: 'Hello.', conversation: 'conv_1' }), responses('Hello.', 2, false).text),
    )
    expect(questions.map(({ since, before, messages }) => [since, before, messages.length])).toEqual([
      [null, 0, 1],
      [0, 1, 2],
      [null, 0, 1],
    ])
    expect(questions.map(({ ids }) => ids)).toEqual([
      { answer: 'resp_00f3c9', calls: ['call_00kVq7XwTzPn2RsLm'] },
      { answer: 'resp_01f3c9' },
      { answer: 'resp_02f3c9' },
    ])
    expect(conversations).toEqual(['conv_1'])
  })

  it.each([
    ['a response', { previous_response_id: 'resp_0f3c9' }, "Previous response with id 'resp_0f3c9' not found\\."],
    ['a conversation', { conversation: 'conv_0' }, "Conversation with id 'conv_0' not found\\."],
    ['an item', { input: [{ type: 'item_reference', id: 'msg_0' }] }, "Item with id 'msg_0' not found\\."],
  ])('that goes on from %s of before the run cannot be recorded, and what to do is said', (_, body, why) => {
    const asked = take(toResponses({ input: 'And?', ...body }), responses('Yes.', 0, false).text)
    const advice = 'Only openai knows what was said there before: let the agent begin the conversation in the run'
    expect(() => read(asked)).toThrow(new RegExp(`^a request to openai cannot be recorded: ${why} ${advice}`))
  })

  it('to a conversation of before the run cannot be recorded either', () => {
    const added = ask('https://api.openai.com/v1/conversations/conv_0/items', '{"items":[]}', openai)
    expect(() => read(take(added, '{"object":"list","data":[]}'))).toThrow(
      /Conversation with id 'conv_0' not found\. Only/,
    )
  })
})

describe('a reply', () => {
  const said: readonly Said[] = ['Blue sky.', [{ name: 'look', input: { at: 'sky' } }]]
  const gemini = (stream: boolean) =>
    ask(
      `https://generativelanguage.googleapis.com/v1beta/models/gemini-3.1-pro-preview:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
      JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'Look.' }] }] }),
      { 'x-goog-api-key': 'AIza-of-nobody', ...json },
    )
  const asked = {
    chat: (stream: boolean) => askChat([user('Look.')], stream),
    responses: (stream: boolean) =>
      ask('https://api.openai.com/v1/responses', JSON.stringify({ model: 'gpt-5.4', input: 'Look.', stream }), openai),
    gemini,
  }
  const vendors = { chat, responses, gemini: generateContent }

  it.each(
    (['chat', 'responses', 'gemini'] as const).flatMap((name) =>
      [false, true].flatMap((stream) => said.map((each) => [name, stream, each] as const)),
    ),
  )('is the same on each wire, whole or streamed: %s, %s, %j', (name, stream, each) => {
    const reply = replyOf(take(asked[name](stream), vendors[name](each, 0, stream).text))
    const blocks = reply?.blocks.map((block) => (block.kind === 'text' ? block : { ...block, id: '' }))
    expect([blocks, reply?.stop]).toEqual(
      typeof each === 'string'
        ? [[{ kind: 'text', text: each }], 'end-turn']
        : [[{ kind: 'tool-call', id: '', name: 'look', input: { at: 'sky' } }], 'tool-use'],
    )
  })

  it('is read however the lines of its stream end, and whatever stands between them', () => {
    const { text } = chat(said[1] as Said, 0, true)
    const odd = `: keep-alive\n\n${text}`.replaceAll('data: ', 'data:').replaceAll('\n', '\r\n')
    expect(replyOf(take(askChat([user('Look.')], true), odd))?.blocks).toHaveLength(1)
  })

  it.each([
    ['length', 'max-tokens'],
    ['stop', 'end-turn'],
    ['never_heard_of', 'end-turn'],
  ])('ended for the reason that the wire says: %s', (said, stop) => {
    const text = chat('Blue', 0, false).text.replace('"stop"', JSON.stringify(said))
    expect(replyOf(take(askChat([user('Look.')]), text))?.stop).toBe(stop)
  })

  it('has no words of an input for the reason', () => {
    const input = { finish_reason: 'length', reason: 'length' }
    const { text } = chat([{ name: 'refund', input }], 0, false)
    expect(replyOf(take(askChat([user('Look.')]), text))).toMatchObject({ stop: 'tool-use', blocks: [{ input }] })
  })

  it('has an empty input where the API streams none', () => {
    const event = (data: object) => `event: e\ndata: ${JSON.stringify(data)}\n\n`
    const block = { type: 'tool_use', id: 'toolu_01', name: 'look', input: {} }
    const text = [
      event({ type: 'content_block_start', index: 0, content_block: block }),
      event({ type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '' } }),
      event({ type: 'content_block_stop', index: 0 }),
    ].join('')
    const headers = { 'x-api-key': 'sk-of-nobody', 'anthropic-version': '2023-06-01' }
    const body = JSON.stringify({ model: 'claude-opus-5-5', max_tokens: 9, messages: [user('Hi')], stream: true })
    const asked = ask('https://api.anthropic.com/v1/messages', body, headers)
    expect(replyOf(take(asked, text))?.blocks).toEqual([{ kind: 'tool-call', id: 'toolu_01', name: 'look', input: {} }])
    expect(replyOf(take(asked, messages('Hi', 0, false).text))).toBeDefined()
  })

  it('has ids of its own for calls that the wire gives none, and those of the next question where there is one', () => {
    const both: Said = [
      { name: 'look', input: { at: 'sky' } },
      { name: 'look', input: { at: 'sea' } },
    ]
    const { text } = generateContent(both, 0, false)
    const ids = ({ questions }: Recording) =>
      questions[0]?.reply.blocks.map((block) => (block.kind === 'tool-call' ? block.id : ''))
    expect(ids(read(take(gemini(false), text)))).toEqual(['call-0-1', 'call-0-2'])
    const { candidates } = JSON.parse(text) as { candidates: [{ content: object }] }
    const functionResponse = { name: 'look', response: { output: 'blue' } }
    const contents = [
      { role: 'user', parts: [{ text: 'Look.' }] },
      candidates[0].content,
      { role: 'user', parts: [{ functionResponse }, { functionResponse }] },
    ]
    const next = { ...gemini(false), body: JSON.stringify({ contents }) }
    const recording = read(take(gemini(false), text), take(next, generateContent('Blue.', 1, false).text))
    const results = recording.questions[1]?.messages.at(-1)?.blocks.map((block) => ('id' in block ? block.id : ''))
    expect(new Set(results).size).toBe(2)
    expect(ids(recording)).toEqual(results)
  })
})

it('what else is asked of a vendor cannot be recorded, for a trial would refuse it', () => {
  const models = ask('https://api.openai.com/v1/models', '', openai, 'GET')
  expect(() => read(take(models, '{"data":[]}'))).toThrow(
    /^GET https:\/\/api\.openai\.com\/v1\/models cannot be recorded, .*: lists of models of openai are not simulated; .* are simulated$/,
  )
})

describe('a request', () => {
  const at = 'http://shop.example/refunds'
  const only = (taken: Taken) => read(taken).requests[0]

  it('is kept with what it says, and nothing of who asked', () => {
    const request = ask(at, '{"cents":1}', { ...json, authorization: 'Bearer x', 'idempotency-key': 'k' })
    const headers = { ...json, 'set-cookie': 'a=b', location: '/refunds/1' }
    expect(only(take(request, '{"id":1}', { status: 201, headers }))).toEqual({
      method: 'POST',
      url: at,
      body: { cents: 1 },
      keyed: true,
      changes: true,
      answer: { status: 201, headers: { ...json, location: '/refunds/1' }, json: { id: 1 } },
    })
  })

  it.each([
    ['GET', 200, false],
    ['HEAD', 200, false],
    ['DELETE', 204, true],
    ['POST', 303, true],
    ['POST', 409, false],
  ])('changes something or not: %s answered %i', (method, status, changes) => {
    expect(only(take(ask(at, '', {}, method), '', { status }))?.changes).toBe(changes)
  })

  it.each([
    ['text', 'text/plain', { text: 'ok' }, { body: 'ok' }],
    ['JSON that is none', 'application/json', { text: '<html>' }, { body: '<html>' }],
    ['JSON of its own name', 'application/problem+json', { text: '{"a":1}' }, { json: { a: 1 } }],
    ['bytes', 'image/png', { text: '\u00ff', encoding: 'latin1' as const }, { body: '\u00ff', encoding: 'latin1' }],
    ['nothing', 'application/json', { text: '' }, {}],
  ])('keeps %s as it came', (_, type, body, kept) => {
    const headers = { 'content-type': type }
    expect(only(take(ask(at, '', {}, 'GET'), '', { headers, body }))?.answer).toEqual({ status: 200, headers, ...kept })
  })
})
