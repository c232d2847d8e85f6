/** Proves that the Gemini API refuses what the real one refuses, in its words, and answers as it does, to its own client. */
import { ApiError, type Content, createPartFromFunctionResponse, GoogleGenAI, type Part } from '@google/genai'
import { describe, expect, it, test } from 'vitest'
import type { Json } from '../../../faults/json.js'
import { IssuedIds } from '../../../harness/boundaries/model/issued-ids.js'
import type { Reply } from '../../../harness/contracts/conversation.js'
import type { Model } from '../../../harness/contracts/model.js'
import type { ModelCall, ProviderSession, WireAnswer } from '../../../harness/contracts/provider.js'
import { call, say, script } from '../../../harness/models/script.js'
import { gemini } from '../../../harness/providers/gemini/index.js'
import { openSession } from '../../../harness/providers/gemini/session.js'

const origin = 'https://generativelanguage.googleapis.com'
const model = 'gemini-3.1-pro-preview'
const older = 'gemini-2.5-flash'

function wire(body: unknown, { method = 'generateContent', name = model, headers = { 'x-goog-api-key': 'k' } } = {}) {
  const all: Record<string, string> = headers
  return {
    method: 'POST',
    url: `${origin}/v1beta/models/${name}:${method}`,
    header: (header: string) => all[header] ?? null,
    headers: () => all,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }
}

const user = (...parts: object[]) => ({ role: 'user', parts })
const byModel = (...parts: object[]) => ({ role: 'model', parts })
const hello = user({ text: 'Refund order 42.' })
const signed = { thoughtSignature: 'skip_thought_signature_validator' }
const asks = (id: string, more: object = signed) => ({
  functionCall: { id, name: 'refund', args: { order: id } },
  ...more,
})
const gives = (id: string, response: object = { output: 'ok' }) => ({
  functionResponse: { id, name: 'refund', response },
})

function refusal(body: object | string, options?: Parameters<typeof wire>[1]): string {
  const read = openSession().read(wire(body, options))
  return read.kind === 'refusal' ? `${read.status} ${read.reason}: ${read.message}` : 'accepted'
}

function callOf(body: object, options?: Parameters<typeof wire>[1], session = openSession()): ModelCall {
  const read = session.read(wire(body, options))
  if (read.kind === 'refusal') throw new Error(read.message)
  return read
}

describe('a request is refused as the real API does it', () => {
  test.each<[string, object | string, string | RegExp]>([
    ['without contents', {}, '400 missing-field: * GenerateContentRequest.contents: contents is not specified\n'],
    ['with empty contents', { contents: [] }, /contents: contents is not specified/],
    ['without a body', '', /contents: contents is not specified/],
    [
      'without parts',
      { contents: [hello, { role: 'model', parts: [] }] },
      '400 empty-content: * GenerateContentRequest.contents[1].parts: contents.parts must not be empty.\n',
    ],
    [
      'with a part of nothing',
      { contents: [user({})] },
      "400 empty-content: * GenerateContentRequest.contents[0].parts[0].data: required oneof field 'data' must have one initialized field\n",
    ],
    ['with an empty text', { contents: [user({ text: '' })] }, /required oneof field 'data'/],
    [
      'with a role of others',
      { contents: [{ role: 'assistant', parts: [{ text: 'x' }] }] },
      /Please use a valid role: user, model\.$/,
    ],
    [
      'with a name that no message has',
      { contents: [hello], system_prompt: 'x' },
      '400 malformed: Invalid JSON payload received. Unknown name "system_prompt": Cannot find field.',
    ],
    [
      'with two of them, told at once and where',
      { contents: [hello], generationConfig: { maxTokens: 1, top_k: 2, n: 1 } },
      /Unknown name "maxTokens" at 'generation_config': Cannot find field\.\n.*Unknown name "n" at 'generation_config'/,
    ],
    [
      'with JSON Schema where its own schema is expected',
      {
        contents: [hello],
        tools: [
          {
            functionDeclarations: [
              { name: 'a' },
              { name: 'b', parameters: { type: 'object', properties: { x: { type: 'string', const: 'x' } } } },
            ],
          },
        ],
      },
      /Unknown name "const" at 'tools\[0\]\.function_declarations\[1\]\.parameters\.properties\[0\]\.value': Cannot find field\.$/,
    ],
    [
      'with a list where one value is expected',
      {
        contents: [hello],
        tools: [{ functionDeclarations: [{ name: 'b', parameters: { type: ['string', 'null'] } }] }],
      },
      /Unknown name "type" at '.*parameters': Proto field is not repeating, cannot start list\.$/,
    ],
    [
      'with an instruction that is a text',
      { contents: [hello], systemInstruction: 'You refund.' },
      /Invalid value at 'system_instruction' \(type\.googleapis\.com\/google\.ai\.generativelanguage\.v1beta\.Content\), "You refund\."$/,
    ],
    [
      'with a response that is no object',
      {
        contents: [hello, byModel(asks('a')), user({ functionResponse: { id: 'a', name: 'refund', response: 'ok' } })],
      },
      /Invalid value at 'contents\[2\]\.parts\[0\]\.function_response\.response' \(type\.googleapis\.com\/google\.protobuf\.Struct\), "ok"$/,
    ],
    [
      'with a response without a name',
      { contents: [hello, byModel(asks('a')), user({ functionResponse: { response: {} } })] },
      /contents\[2\]\.parts\[0\]\.function_response\.name: Name cannot be empty\./,
    ],
    ['that is a list', '[]', /Unknown name "": Root element must be a message\.$/],
    ['that is no JSON', 'no JSON', /^400 not-json: Invalid JSON payload received\. Unexpected token\./],
    [
      'with a function twice',
      { contents: [hello], tools: [{ functionDeclarations: [{ name: 'a' }, { name: 'a' }] }] },
      '400 repeated-tool-name: Duplicate function declaration found: a',
    ],
    [
      'with a function whose name has blanks',
      { contents: [hello], tools: [{ functionDeclarations: [{ name: 'a b' }] }] },
      /tools\[0\]\.function_declarations\[0\]\.name: Invalid function name\. Must start with a letter/,
    ],
    [
      'that begins with a call',
      { contents: [byModel(asks('a')), user(gives('a'))] },
      /^400 first-message-not-of-user: Please ensure that function call turn comes immediately after a user turn/,
    ],
    [
      'with fewer responses than calls',
      { contents: [hello, byModel(asks('a'), asks('b', {})), user(gives('a'))] },
      /^400 unanswered-tool-call: Please ensure that the number of function response parts is equal/,
    ],
    [
      'with responses in contents of their own',
      { contents: [hello, byModel(asks('a'), asks('b', {})), user(gives('a')), user(gives('b'))] },
      /^400 unanswered-tool-call: /,
    ],
    [
      'with a question in place of a response',
      { contents: [hello, byModel(asks('a')), user({ text: 'And?' })] },
      /^400 unanswered-tool-call: /,
    ],
    [
      'with more responses than calls',
      { contents: [hello, byModel(asks('a')), user(gives('a'), gives('a'))] },
      /^400 repeated-tool-result: Please ensure that the number of function response parts is equal/,
    ],
    [
      'with a response to nothing',
      { contents: [hello, byModel({ text: 'Done.' }), user(gives('a'))] },
      '400 unknown-tool-result: Please ensure that function response turn comes immediately after a function call turn.',
    ],
    [
      'of one turn by the model',
      { contents: [byModel({ text: 'x' })] },
      '400 last-message-not-of-user: Please ensure that single turn requests end with a user role or the role field is empty.',
    ],
    [
      'that ends with a turn of the model',
      { contents: [hello, byModel({ text: 'x' })] },
      '400 last-message-not-of-user: Requests ending with a model turn are not supported.',
    ],
    [
      'with a call whose signature is missing',
      { contents: [hello, byModel(asks('a', {})), user(gives('a'))] },
      /^400 incomplete-reasoning: Function call is missing a thought_signature in functionCall parts\. .* function call `default_api:refund` , position 2\. /,
    ],
    [
      'with a signature that no answer had',
      { contents: [hello, byModel(asks('a', { thoughtSignature: 'c2lnbmVk' })), user(gives('a'))] },
      '400 unverified-reasoning: Corrupted thought signature.',
    ],
    [
      'with a signature that is no base64',
      { contents: [hello, byModel(asks('a', { thoughtSignature: 'sig-1 ' })), user(gives('a'))] },
      /Invalid value at 'contents\[1\]\.parts\[0\]\.thought_signature' \(TYPE_BYTES\), Base64 decoding failed for "sig-1 "$/,
    ],
    [
      'with a cache that nobody made',
      { contents: [hello], cachedContent: 'cachedContents/x' },
      /^403 malformed: CachedContent not found/,
    ],
    [
      'that is too long',
      { contents: [user({ text: 'x'.repeat(4 * 1_048_577) })] },
      '400 too-long: The input token count (1048577) exceeds the maximum number of tokens allowed (1048576).',
    ],
  ])('%s', (_what, body, expected) => {
    expect(refusal(body)).toEqual(expected instanceof RegExp ? expect.stringMatching(expected) : expected)
  })

  test('without a key in a header or the address', () => {
    expect(refusal({ contents: [hello] }, { headers: {} as never })).toMatch(
      /^403 unauthenticated: Method doesn't allow unregistered callers/,
    )
    expect(refusal({ contents: [hello] }, { headers: {} as never, method: 'generateContent?key=k' })).toBe('accepted')
    expect(refusal({ contents: [hello] }, { headers: { authorization: 'Bearer t' } as never })).toBe('accepted')
  })

  test('with JSON asked for beside functions, by models before the third generation', () => {
    const body = {
      contents: [hello],
      generationConfig: { responseMimeType: 'application/json' },
      tools: [{ functionDeclarations: [{ name: 'a' }] }],
    }
    expect(refusal(body, { name: older })).toMatch(/Function calling with a response mime type: 'application\/json' is/)
    expect(refusal(body)).toBe('accepted')
  })

  test.each<[string, object, string?]>([
    [
      'contents of one role in a row',
      { contents: [hello, hello, byModel({ text: 'x' }), byModel({ text: 'y' }), hello] },
    ],
    [
      'a stream that was handed back event by event',
      { contents: [hello, byModel({ text: 'x' }), byModel(asks('a')), byModel({ text: '' }), user(gives('a'))] },
    ],
    [
      'a call without a signature of an earlier turn',
      { contents: [hello, byModel(asks('a', {})), user(gives('a')), byModel({ text: 'x' }), hello] },
    ],
    [
      'a second call of an answer without a signature',
      { contents: [hello, byModel(asks('a'), asks('b', {})), user(gives('a'), gives('b'))] },
    ],
    [
      'a call without a signature, by an older model',
      { contents: [hello, byModel(asks('a', {})), user(gives('a'))] },
      older,
    ],
    [
      'the other documented stand-in',
      {
        contents: [
          hello,
          byModel(asks('a', { thoughtSignature: 'context_engineering_is_the_way_to_go' })),
          user(gives('a')),
        ],
      },
    ],
    ['no role at all', { contents: [{ parts: [{ text: 'x' }] }] }],
    [
      'the older role of responses',
      { contents: [hello, byModel(asks('a')), { role: 'function', parts: [gives('a')] }] },
    ],
    ['one item in place of a list', { contents: { parts: { text: 'x' } } }],
    ['fields that are null', { contents: [hello], systemInstruction: null, tools: null }],
    ['a text beside the responses', { contents: [hello, byModel(asks('a')), user(gives('a'), { text: 'And now?' })] }],
    [
      'names as the protocol has them',
      {
        contents: [hello],
        system_instruction: { parts: [{ text: 'x' }] },
        generation_config: { max_output_tokens: 9, response_mime_type: 'text/plain' },
        tool_config: { function_calling_config: { mode: 'AUTO' } },
        safety_settings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
      },
    ],
    [
      'images and files',
      { contents: [user({ inlineData: { mimeType: 'image/png', data: 'x' } }, { file_data: { file_uri: 'u' } })] },
    ],
  ])('but not for %s', (_what, body, name = model) => {
    expect(refusal(body, { name })).toBe('accepted')
  })
})

describe('what is read is in the terms of a conversation', () => {
  test('instruction, functions on offer, calls and responses, whatever case its names have', () => {
    const { conversation, settings } = callOf({
      system_instruction: { parts: { text: 'You refund.' } },
      contents: [
        hello,
        byModel(
          { thought: true, text: 'hm' },
          { text: 'At once.' },
          { function_call: { id: 'a', name: 'refund', args: { n: 1 } }, thought_signature: signed.thoughtSignature },
        ),
        user({ function_response: { id: 'a', name: 'refund', response: { result: 'ok', id: 7 } } }),
      ],
      tools: [{ function_declarations: [{ name: 'refund' }, { name: 'email' }] }],
      tool_config: { function_calling_config: { mode: 'ANY', allowed_function_names: ['email'] } },
    })
    expect(conversation).toEqual({
      model,
      system: 'You refund.',
      tools: ['email'],
      messages: [
        { role: 'user', blocks: [{ kind: 'text', text: 'Refund order 42.' }] },
        {
          role: 'assistant',
          blocks: [
            { kind: 'other', type: 'thought', content: 'hm' },
            { kind: 'text', text: 'At once.' },
            { kind: 'tool-call', id: 'a', name: 'refund', input: { n: 1 } },
          ],
        },
        { role: 'user', blocks: [{ kind: 'tool-result', id: 'a', failed: false, text: '{"result":"ok","id":7}' }] },
      ],
    })
    expect(settings).toEqual({
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['email'] } },
    })
  })

  test('no function is on offer where none may be called', () => {
    const tools = [{ functionDeclarations: [{ name: 'refund' }] }]
    const toolConfig = { functionCallingConfig: { mode: 'NONE' } }
    expect(callOf({ contents: [hello], tools, toolConfig }).conversation.tools).toEqual([])
  })

  test.each<[object, boolean, string]>([
    [{ output: 'ok' }, false, 'ok'],
    [{ output: { a: 1 } }, false, '{"a":1}'],
    [{ error: 'ETIMEDOUT' }, true, 'ETIMEDOUT'],
    [{ error: { code: 7 } }, true, '{"code":7}'],
    [{ error: null, data: 1 }, false, '{"error":null,"data":1}'],
    [{ error: 'no', data: 1 }, true, '{"error":"no","data":1}'],
    [{ isError: true }, false, '{"isError":true}'],
    [{}, false, '{}'],
  ])('the response %j is a failure: %j', (response, failed, text) => {
    const { conversation } = callOf({ contents: [hello, byModel(asks('a')), user(gives('a', response))] })
    expect(conversation.messages.at(-1)?.blocks).toEqual([{ kind: 'tool-result', id: 'a', failed, text }])
  })

  test('a response is for the call whose id it has, else for the first of its name, else for the first that is left', () => {
    const calls = byModel(
      { functionCall: { id: 'a', name: 'refund' }, ...signed },
      { functionCall: { id: 'b', name: 'refund' } },
      { functionCall: { id: 'c', name: 'email' } },
    )
    const response = (name: string, id?: string) => ({ functionResponse: { ...(id && { id }), name, response: {} } })
    const idsOf = (...responses: object[]) =>
      callOf({ contents: [hello, calls, user(...responses)] })
        .conversation.messages.at(-1)
        ?.blocks.map((block) => ('id' in block ? block.id : undefined))
    expect(idsOf(response('email', 'c'), response('refund', 'b'), response('refund', 'a'))).toEqual(['c', 'b', 'a'])
    expect(idsOf(response('email'), response('refund'), response('refund'))).toEqual(['c', 'a', 'b'])
    expect(idsOf(response('x'), response('email'), response('y'))).toEqual(['a', 'c', 'b'])
  })

  test('a request that is refused can be read all the same', () => {
    const read = openSession().read(wire({ contents: [hello, byModel({ functionCall: { name: 'refund' } }), hello] }))
    expect(read).toMatchObject({
      kind: 'refusal',
      query: {
        conversation: {
          messages: [{}, { blocks: [{ kind: 'tool-call', id: 'refund', name: 'refund', input: {} }] }, {}],
        },
      },
    })
  })
})

// To Google's own client.

interface Line {
  readonly client: GoogleGenAI
  readonly bodies: { readonly contents: Content[] }[]
}

/** What becomes of the `index`-th request; nothing for the model's own answer. */
type Disturb = (index: number, session: ProviderSession, own: () => WireAnswer) => WireAnswer | undefined

function connect(answering: Model, disturb: Disturb = () => undefined, session = openSession()): Line {
  const ids = new IssuedIds()
  const bodies: Line['bodies'] = []
  const simulate: typeof fetch = async (input, init) => {
    const headers = new Headers(init?.headers)
    const body = String(init?.body)
    const index = bodies.push(JSON.parse(body)) - 1
    const url = String(input)
    const read = session.read({ method: 'POST', url, body, header: (name) => headers.get(name), headers: () => ({}) })
    const own = () => {
      if (read.kind === 'refusal') return read.answer
      const reply = answering.reply(ids.asModelKnows(read.conversation, gemini.callIds), { random: () => 0 })
      const { inputTokens, reasoningTokens = 0 } = read
      const usage = { inputTokens, outputTokens: 9 + reasoningTokens, reasoningTokens }
      return session.write(read, ids.issue(reply, gemini.callIds), usage)
    }
    const { status, headers: sent, chunks } = disturb(index, session, own) ?? own()
    return new Response(chunks.join(''), { status, headers: sent })
  }
  return { bodies, client: new GoogleGenAI({ apiKey: 'k', httpOptions: { fetch: simulate } }) }
}

const steps = script([
  call('refund', { orderId: '42' }, { text: 'At once.' }),
  call('refund', { orderId: '43' }),
  say('Refunded both ✓.'),
])

const config = { tools: [{ functionDeclarations: [{ name: 'refund' }] }] }

/** Answers every call; gives the text of the last answer. `keep` is what the agent keeps of a part. */
async function converse(client: GoogleGenAI, name: string, keep = (part: Part) => part): Promise<string | undefined> {
  const contents: Content[] = [{ role: 'user', parts: [{ text: 'Refund orders 42 and 43.' }] }]
  for (let turn = 0; turn < 5; turn++) {
    const response = await client.models.generateContent({ model: name, contents, config })
    const parts = response.candidates?.[0]?.content?.parts ?? []
    contents.push({ role: 'model', parts: parts.map(keep) })
    const calls = response.functionCalls ?? []
    if (calls.length === 0) return response.text
    contents.push({
      role: 'user',
      parts: calls.map(({ id, name: called }) =>
        createPartFromFunctionResponse(id ?? '', called ?? '', { output: 'ok' }),
      ),
    })
  }
  return undefined
}

describe("Google's own client", () => {
  it.each([model, older, 'gemini-flash-latest'])('speaks with %s until it is done', async (name) => {
    expect(await converse(connect(steps).client, name)).toBe('Refunded both ✓.')
  })

  it('gets no ids of older models, and the model finds its place all the same', async () => {
    const { client, bodies } = connect(steps)
    expect(await converse(client, older)).toBe('Refunded both ✓.')
    expect(JSON.stringify(bodies)).not.toMatch(/thoughtSignature|Zq0/)
  })

  it('is refused where it drops what the model signed', async () => {
    const { client } = connect(steps)
    const error = await converse(client, model, ({ thoughtSignature: _, ...part }) => part).catch((thrown) => thrown)
    expect(error).toBeInstanceOf(ApiError)
    expect([error.status, error.message]).toEqual([400, expect.stringContaining('missing a thought_signature')])
  })

  it('is refused where it changes what the model signed', async () => {
    const { client } = connect(steps)
    const change = (part: Part) =>
      part.thoughtSignature ? { ...part, thoughtSignature: part.thoughtSignature.toUpperCase() } : part
    await expect(converse(client, model, change)).rejects.toThrow('Corrupted thought signature.')
  })

  it.each([model, older])(
    'keeps its chat with %s, streamed, in as many contents as there were events',
    async (name) => {
      const { client, bodies } = connect(steps)
      const chat = client.chats.create({ model: name, config })
      const texts: string[] = []
      let message: string | Part[] = 'Refund orders 42 and 43.'
      for (let turn = 0; turn < 3; turn++) {
        const responses: Part[] = []
        let text = ''
        for await (const event of await chat.sendMessageStream({ message })) {
          text += event.text ?? ''
          for (const { id, name: called } of event.functionCalls ?? []) {
            responses.push(createPartFromFunctionResponse(id ?? '', called ?? '', { output: 'ok' }))
          }
        }
        texts.push(text)
        message = responses
      }
      expect(texts).toEqual(['At once.', '', 'Refunded both ✓.'])
      expect(bodies.at(-1)?.contents.filter(({ role }) => role === 'model').length).toBeGreaterThan(2)
    },
  )

  it('counts thoughts apart, and shows them where it is asked to', async () => {
    const { client } = connect(steps)
    const thinking = await client.models.generateContent({
      model,
      contents: 'x',
      config: { thinkingConfig: { includeThoughts: true } },
    })
    expect(thinking.candidates?.[0]?.content?.parts?.[0]).toMatchObject({ thought: true })
    expect(thinking.usageMetadata).toMatchObject({ candidatesTokenCount: 9, thoughtsTokenCount: 64 })
    const without = await client.models.generateContent({
      model,
      contents: 'x',
      config: { thinkingConfig: { thinkingBudget: 0 } },
    })
    expect(without.usageMetadata).toMatchObject({ candidatesTokenCount: 9 })
    expect(without.usageMetadata).not.toHaveProperty('thoughtsTokenCount')
  })

  it.each<[string, Reply, object]>([
    [
      'a prompt that is blocked',
      { blocks: [], stop: 'refusal' },
      { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } },
    ],
    [
      'an answer that is blocked',
      { blocks: [{ kind: 'text', text: 'I' }], stop: 'refusal' },
      {
        candidates: [
          { finishReason: 'SAFETY', safetyRatings: [{ blocked: true }], content: { parts: [{ text: 'I' }] } },
        ],
      },
    ],
    [
      'a call that came to nothing',
      { blocks: [], stop: 'tool-use' },
      { candidates: [{ finishReason: 'MALFORMED_FUNCTION_CALL', content: {} }] },
    ],
    [
      'thoughts that used up all tokens',
      { blocks: [], stop: 'max-tokens' },
      { candidates: [{ finishReason: 'MAX_TOKENS', content: { role: 'model' } }] },
    ],
    [
      'an empty answer',
      { blocks: [], stop: 'end-turn' },
      { candidates: [{ finishReason: 'STOP', content: { role: 'model' } }] },
    ],
  ])('is given %s as the API gives it', async (_what, reply, expected) => {
    const { client } = connect({ reply: () => reply })
    expect(await client.models.generateContent({ model, contents: 'x' })).toMatchObject(expected)
    const events = []
    for await (const event of await client.models.generateContentStream({ model, contents: 'x' })) events.push(event)
    const reasons = (expected as { candidates?: { finishReason: string }[] }).candidates?.[0]?.finishReason
    expect(events.at(-1)?.candidates?.[0]?.finishReason).toBe(reasons)
  })

  it('reads how long to wait from the body of any error that says so', async () => {
    const failing = (retryAfter?: string, retryAfterMs?: string) =>
      connect(steps, (_, session) => session.fail('unavailable', { retryAfter, retryAfterMs }))
        .client.models.generateContent({ model, contents: 'x' })
        .catch((error: ApiError) => JSON.parse(error.message).error.details?.[0]?.retryDelay)
    expect(await failing('7')).toBe('7s')
    expect(await failing('7', '1500')).toBe('7s')
    expect(await failing(undefined, '1500')).toBe('1.5s')
    expect(await failing('7', 'soon')).toBe('7s')
    expect(await failing('soon', '0')).toBeUndefined()
  })

  it('reads which quota is used up, and a plain error where nobody says until when', async () => {
    const failing = (retryAfter?: string) =>
      connect(steps, (_, session) => session.fail('rate-limited', { retryAfter }))
        .client.models.generateContent({ model, contents: 'x' })
        .catch((error: ApiError) => JSON.parse(error.message).error)
    expect(await failing('47')).toMatchObject({
      code: 429,
      status: 'RESOURCE_EXHAUSTED',
      message: expect.stringMatching(/Please retry in 47s\.$/),
      details: [
        {},
        { violations: [{ quotaDimensions: { model } }] },
        { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '47s' },
      ],
    })
    for (const retryAfter of [undefined, 'soon', '-1']) {
      expect(await failing(retryAfter)).toEqual({
        code: 429,
        status: 'RESOURCE_EXHAUSTED',
        message: 'Resource has been exhausted (e.g. check quota).',
      })
    }
  })
})

describe('a stream', () => {
  const reply: Reply = {
    blocks: [
      { kind: 'text', text: 'At once, both.' },
      { kind: 'tool-call', id: 'a', name: 'refund', input: { n: 1 } },
    ],
    stop: 'tool-use',
  }
  const answerBy = (method: string) => {
    const session = openSession()
    const asked = callOf({ contents: [hello] }, { method }, session)
    return { session, asked, answer: session.write(asked, reply, { inputTokens: 1, outputTokens: 1 }) }
  }

  test('is one JSON list where no events are asked for, read to any length', () => {
    const { session, asked, answer } = answerBy('streamGenerateContent')
    const text = answer.chunks.join('')
    const items = JSON.parse(text) as Json[]
    expect(items).toHaveLength(answer.chunks.length)
    expect(session.arrived(asked, text).toolCalls).toEqual([{ id: 'a', name: 'refund', input: { n: 1 } }])
    for (let length = 0; length < text.length; length++) {
      const { text: seen, toolCalls, partial } = session.arrived(asked, `\r\n${text.slice(0, length)}`)
      expect('At once, both.'.startsWith(seen)).toBe(true)
      if (partial) expect([toolCalls, partial.id, partial.name]).toEqual([[], 'a', 'refund'])
    }
  })

  test.each(['streamGenerateContent', 'streamGenerateContent?alt=sse'])(
    'of %s is broken off by an error of its form',
    (method) => {
      const { session, answer } = answerBy(method)
      for (const kept of [0, 1, 2]) {
        const sent = answer.chunks.slice(0, kept).join('')
        const text = sent + session.failInStream('overloaded', sent)
        const items = method.includes('sse')
          ? text
              .trim()
              .split('\r\n\r\n')
              .map((event) => JSON.parse(event.replace('data: ', '')) as Json)
          : (JSON.parse(text) as Json[])
        expect(items).toHaveLength(kept + 1)
        expect(items.at(-1)).toMatchObject({ error: { code: 503, status: 'UNAVAILABLE' } })
      }
    },
  )

  test('that fails before it begins has its form too', () => {
    const failed = (method: string) => {
      const session = openSession()
      session.read(wire({ contents: [hello] }, { method }))
      const { headers, chunks } = session.fail('overloaded')
      return [headers['content-type'], JSON.parse(chunks.join(''))]
    }
    const error = { error: { code: 503, status: 'UNAVAILABLE' } }
    expect(failed('generateContent')).toMatchObject(['application/json; charset=UTF-8', error])
    expect(failed('streamGenerateContent?alt=sse')).toMatchObject(['text/event-stream', error])
    expect(failed('streamGenerateContent')).toMatchObject(['application/json; charset=UTF-8', [error]])
  })
})

describe('calls without ids', () => {
  const body = (...contents: object[]) => ({ contents: [hello, ...contents] })
  const askFor = (order: string) => ({ functionCall: { name: 'refund', args: { order } } })
  const given = { functionResponse: { name: 'refund', response: { output: 'ok' } } }
  const replyOf = (...ids: string[]): Reply => ({
    blocks: ids.map((id) => ({ kind: 'tool-call', id, name: 'refund', input: { order: id[0] ?? '' } })),
    stop: 'tool-use',
  })
  const usage = { inputTokens: 1, outputTokens: 1 }
  const callsIn = ({ conversation }: ModelCall) =>
    conversation.messages.flatMap(({ blocks }) =>
      blocks.flatMap((block) => (block.kind === 'tool-call' ? [block.id] : [])),
    )

  test('are known by the contents that they answered, and of two equal answers by the later', () => {
    const session = openSession()
    const options = { name: older }
    const read = (content: object, from = session) => callOf(content, options, from)
    session.write(read(body()), replyOf('x1'), usage)
    session.write(read(body()), replyOf('x2', 'y2'), usage)
    const second = body(byModel(askFor('x'), askFor('y')), user(given, given))
    session.write(read(second), replyOf('x3'), usage)
    const third = body(...second.contents.slice(1), byModel(askFor('x')), user(given))
    expect(callsIn(read(third))).toEqual(['x2', 'y2', 'x3'])
    const restored = openSession(JSON.parse(JSON.stringify(session.snapshot())))
    expect(callsIn(read(third, restored))).toEqual(['x2', 'y2', 'x3'])
  })

  test('are found where the history was cut, and have an id of their own where no model made them', () => {
    const session = openSession()
    session.write(callOf(body(), { name: older }, session), replyOf('x1'), usage)
    const other = { contents: [user({ text: 'Another start.' }), byModel(askFor('x')), user(given)] }
    expect(callsIn(callOf(other, { name: older }, session))).toEqual(['x1'])
    const made = { contents: [hello, byModel(askFor('q')), user(given), byModel(askFor('q')), user(given)] }
    const ids = callsIn(callOf(made, { name: older }, session))
    expect(new Set(ids).size).toBe(2)
    expect(callsIn(callOf(made, { name: older }, session))).toEqual(ids)
  })
})
