import Anthropic from '@anthropic-ai/sdk'
import { describe, expect, test } from 'vitest'
import { type ModelFailureCode, modelFailureCodes } from '../../../faults/action.js'
import { baseURLBy, baseURLsOf, routeOf } from '../../../harness/contracts/routes.js'
import { call, say, script } from '../../../harness/models/script.js'
import { anthropic } from '../../../harness/providers/anthropic/index.js'
import { openSession } from '../../../harness/providers/anthropic/session.js'
import { providers } from '../../../harness/providers/catalogue.js'
import { vendorOf } from '../../../harness/providers/not-simulated.js'
import { deliver, rejection, type Simulation, simulate, turns } from '../../support/providers/simulated.js'

const model = 'claude-opus-5'
const question = { model, max_tokens: 100, messages: [{ role: 'user', content: 'Refund order 42.' }] } as const
const refund = { name: 'refund', description: 'Refunds.', input_schema: { type: 'object' as const } }
const steps = script([
  call('refund', { orderId: '42', note: 'Straße 🚚 naïve' }, { text: 'At once.' }),
  say('Refunded ✓.'),
])

function ask(simulation: Simulation): Promise<unknown> {
  return simulation.client.messages.create({ ...question, messages: [...question.messages] })
}

describe('the catalogue', () => {
  test('names each provider once, and no vendor of it as one that is not simulated', () => {
    expect(new Set(providers.map(({ name }) => name)).size).toBe(providers.length)
    for (const { origins } of providers) {
      expect(new URL(origins[0]).origin).toBe(origins[0])
      expect(vendorOf(`${origins[0]}/`)).toBe(undefined)
    }
  })

  test.each(
    providers.flatMap((provider) =>
      Object.values(provider.apis).flatMap(({ routes }) => routes.map((route) => ({ provider, ...route }))),
    ),
  )('$provider.name answers $method $path at its own origin and at a base URL', ({ provider, method, path }) => {
    const call = path.replaceAll('*', 'any')
    const base = 'http://localhost:4000'
    expect(routeOf([provider], {}, method, `${provider.origins[0]}${call}`)?.by).toBe('own')
    expect(routeOf([provider], { [provider.name]: [base] }, method, `${base}${call}`)?.by).toBe('named')
    expect(baseURLBy(provider, `${base}${call}`)).toBe(base)
  })
})

describe('what is a model call', () => {
  const isModelCall = (method: string, url: string) => routeOf([anthropic], {}, method, url) !== undefined

  test.each([
    'https://api.anthropic.com/v1/messages',
    'https://api.anthropic.com/messages',
    'https://api.anthropic.com/v1/messages?beta=true',
    'http://gateway.corp.example:8080/anthropic/v1/messages',
    'https://localhost.example.com/v1/messages',
  ])('POST %s is one', (url) => {
    expect(isModelCall('POST', url)).toBe(true)
  })

  test.each([
    ['GET', 'https://api.anthropic.com/v1/messages'],
    ['POST', 'https://api.anthropic.com/v1/models'],
    ['POST', 'https://api.anthropic.com/v1/messages/batches'],
    ['POST', 'https://api.openai.com/v1/chat/completions?x=/messages'],
    ['POST', 'https://api.openai.com/v1/threads/t/messages'],
    ['POST', 'https://api.twilio.com/2010-04-01/Accounts/AC1/Messages'],
    ['POST', 'https://anthropic.com.example/messages'],
    ['POST', 'http://localhost:3000/v1/messages'],
    ['POST', 'http://127.0.0.1/v1/messages'],
    ['POST', 'http://[::1]:8080/v1/messages'],
    ['POST', 'https://api.example.com/v1/mymessages'],
  ])('%s %s is none', (method, url) => {
    expect(isModelCall(method, url)).toBe(false)
  })

  const isAt = (baseURL: string, method: string, url: string) =>
    routeOf([anthropic], baseURLsOf([anthropic], {}, { ANTHROPIC_BASE_URL: baseURL }), method, url) !== undefined

  test.each([
    ['http://localhost:4000', 'http://localhost:4000/v1/messages'],
    ['http://localhost:4000/', 'http://localhost:4000/v1/messages?beta=true'],
    ['http://127.0.0.1:4000/anthropic/', 'http://127.0.0.1:4000/anthropic/v1/messages'],
    ['http://localhost:4000/v1', 'http://localhost:4000/v1/messages'],
    ['https://gateway.example/llm', 'https://gateway.example/llm/messages'],
  ])('with the base URL %s, POST %s is one', (baseURL, url) => {
    expect(isAt(baseURL, 'POST', url)).toBe(true)
  })

  test.each([
    ['http://localhost:4000', 'POST', 'http://localhost:4001/v1/messages'],
    ['http://localhost:4000', 'POST', 'http://localhost:4000/inbox/messages'],
    ['http://localhost:4000', 'POST', 'http://localhost:4000/v1/messages/batches'],
    ['http://localhost:4000', 'GET', 'http://localhost:4000/v1/messages'],
    ['localhost', 'POST', 'http://localhost:4000/v1/messages'],
    ['', 'POST', 'http://localhost:4000/v1/messages'],
  ])('with the base URL "%s", %s %s is none', (baseURL, method, url) => {
    expect(isAt(baseURL, method, url)).toBe(false)
  })
})

describe('an answer', () => {
  test('is a message as the SDK reads it, with its request id and its usage', async () => {
    const { client } = simulate(steps)
    const message = await client.messages.create({ ...question, messages: [...question.messages], tools: [refund] })
    expect(message).toMatchObject({
      type: 'message',
      role: 'assistant',
      model,
      stop_reason: 'tool_use',
      stop_sequence: null,
      content: [
        { type: 'text', text: 'At once.' },
        { type: 'tool_use', name: 'refund', input: { orderId: '42', note: 'Straße 🚚 naïve' } },
      ],
      usage: { output_tokens: 7 },
    })
    expect(message.usage.input_tokens).toBeGreaterThan(0)
    expect(message._request_id).toMatch(/^req_/)
    expect(message.id).toMatch(/^msg_/)
  })

  test('is the same message when it is streamed', async () => {
    const params = { ...question, messages: [...question.messages], tools: [refund] }
    const whole = await simulate(steps).client.messages.create(params)
    const stream = simulate(steps).client.messages.stream(params)
    const types: string[] = []
    stream.on('streamEvent', ({ type }) => types.push(type))
    const streamed = await stream.finalMessage()
    expect(JSON.parse(JSON.stringify(streamed))).toMatchObject(JSON.parse(JSON.stringify(whole)))
    expect(types[0]).toBe('message_start')
    expect(types.slice(-2)).toEqual(['message_delta', 'message_stop'])
    expect(types.filter((type) => type === 'content_block_delta').length).toBeGreaterThan(3)
  })

  test('has the same bytes in every session, ids included', () => {
    const bytes = () => {
      const session = openSession()
      const read = session.read(wire(question))
      if (read.kind === 'refusal') throw new Error(read.message)
      const reply = { blocks: [{ kind: 'text', text: 'Hi.' }], stop: 'end-turn' } as const
      return [session.write(read, reply, { inputTokens: 1, outputTokens: 1 }), session.fail('overloaded')]
    }
    expect(bytes()).toEqual(bytes())
  })
})

describe('a conversation with the SDK', () => {
  const runnable = (results: string[]) => ({
    ...refund,
    type: 'custom' as const,
    run: () => {
      const next = results.shift()
      if (next === undefined) throw new Error('refused')
      return next
    },
    parse: (input: unknown) => input,
  })

  test.each([
    ['over a thread', undefined, [1, 1, 1]],
    ['with the whole history each time', false as const, [1, 3, 5]],
  ])('runs its tool runner %s, and the model sees the same conversation', async (_name, thread, sent) => {
    const simulation = simulate(
      script([call('refund', { orderId: '42' }), call('refund', { orderId: '43' }), say('Both.')]),
    )
    const runner = simulation.client.beta.messages.toolRunner({
      ...question,
      messages: [...question.messages],
      system: 'You refund.',
      tools: [runnable(['ok', 'ok'])],
      ...(thread === false && { thread }),
    })
    const final = await runner.runUntilDone()
    expect(final.content).toMatchObject([{ type: 'text', text: 'Both.' }])
    expect(simulation.requests.map(({ body }) => JSON.parse(body).messages.length)).toEqual(sent)
    const calls = simulation.reads.flatMap((read) => (read.kind === 'call' ? [read] : []))
    expect(calls.map(({ conversation }) => conversation.messages.length)).toEqual([1, 3, 5])
    for (const { conversation } of calls) {
      expect(conversation).toMatchObject({ model, system: 'You refund.', tools: ['refund'] })
    }
  })

  test('charges the same tokens over a thread as with the whole history', async () => {
    const tokens = async (thread: false | undefined) => {
      const simulation = simulate(steps)
      const tools = [runnable(['ok'])]
      const params = { ...question, messages: [...question.messages], tools, ...(thread === false && { thread }) }
      await simulation.client.beta.messages.toolRunner(params)
      return simulation.reads.map((read) => (read.kind === 'call' ? read.inputTokens : 0))
    }
    expect(await tokens(undefined)).toEqual(await tokens(false))
  })

  test('streams over a thread', async () => {
    const simulation = simulate(steps)
    const tools = [runnable(['ok'])]
    const params = { ...question, messages: [...question.messages], tools, stream: true as const }
    const final = await simulation.client.beta.messages.toolRunner(params).runUntilDone()
    expect(final.content).toMatchObject([{ type: 'text', text: 'Refunded ✓.' }])
  })

  test('goes on without a thread where it goes with none, as with thinking', async () => {
    const simulation = simulate(steps)
    const params = { ...question, messages: [...question.messages], max_tokens: 4096, tools: [runnable(['ok'])] }
    const thinking = { type: 'enabled', budget_tokens: 1024 } as const
    const final = await simulation.client.beta.messages.toolRunner({ ...params, thinking })
    expect(final.content).toMatchObject([{ type: 'thinking' }, { type: 'text', text: 'Refunded ✓.' }])
    const [first, ...others] = simulation.requests.map(({ body }) => JSON.parse(body).thread)
    expect([first, ...others]).toEqual([{ type: 'create' }, undefined, undefined])
    expect(simulation.reads[0]).toMatchObject({ kind: 'refusal', status: 400 })
  })

  test('answers a byte-equal retry of a continuation', async () => {
    const lost = { kind: 'no-answer', how: 'reset' } as const
    const simulation = simulate(
      steps,
      (index, _session, own) => {
        if (index !== 1) return undefined
        own()
        return lost
      },
      { maxRetries: 1 },
    )
    const run = simulation.client.beta.messages.toolRunner({
      ...question,
      messages: [...question.messages],
      tools: [runnable(['ok'])],
    })
    const final = await run.runUntilDone()
    expect(final.content).toMatchObject([{ text: 'Refunded ✓.' }])
    expect(simulation.requests).toHaveLength(3)
    expect(simulation.requests[2]?.body).toBe(simulation.requests[1]?.body)
  })

  test('replays the history when its thread is not found, and runs the tool once', async () => {
    const forgetful = openSession()
    const simulation: Simulation = simulate(steps, (index) => {
      const request = simulation.requests[1]
      const read = index === 1 && request ? forgetful.read(request) : undefined
      return read?.kind === 'refusal' ? deliver(read.answer) : undefined
    })
    const results = ['ok']
    const tools = [runnable(results)]
    const params = { ...question, messages: [...question.messages], tools }
    const final = await simulation.client.beta.messages.toolRunner(params).runUntilDone()
    expect(final.content).toMatchObject([{ text: 'Refunded ✓.' }])
    expect(results).toEqual([])
    const sent = simulation.requests.map(({ body }) => JSON.parse(body))
    expect(sent.map(({ thread }) => thread.type)).toEqual(['create', 'continue', 'create'])
    expect(sent.map(({ messages }) => messages.length)).toEqual([1, 1, 3])
  })

  test('is told when a thread was already continued otherwise, and recovers', async () => {
    const simulation = simulate(script([say('One.'), say('Two.'), say('Three.')]))
    const thread = simulation.client.beta.messages.thread({ model, max_tokens: 100 })
    const first = await thread.send({ role: 'user', content: 'A' })
    const next = (content: string) =>
      simulation.client.beta.messages.create({
        model,
        max_tokens: 100,
        betas: ['message-threads-2026-08-12'],
        thread: { type: 'continue', previous_message_id: first.id },
        messages: [{ role: 'user', content }],
      })
    await next('B')
    await next('B')
    expect(await rejection(next('C'))).toMatchObject({ status: 400, errorCode: 'thread_already_continued' })
    const recovered = await thread.send({ role: 'user', content: 'D' })
    expect(recovered.content).toMatchObject([{ text: 'Two.' }])
  })

  test('is refused a continuation that brings tools, and a thread without its beta', async () => {
    const { client } = simulate(script([say('One.')]))
    const betas: string[] = ['message-threads-2026-08-12']
    const base = { model, max_tokens: 9, messages: [{ role: 'user' as const, content: 'A' }] }
    const first = await client.beta.messages.create({ ...base, betas, thread: { type: 'create' } })
    const thread = { type: 'continue', previous_message_id: first.id } as const
    const again = client.beta.messages.create({ ...base, betas, thread, tools: [refund] })
    expect(await rejection(again)).toMatchObject({ status: 400, errorCode: 'thread_fingerprint_mismatch' })
    const plain = client.beta.messages.create({ ...base, thread: { type: 'create' } })
    expect(await rejection(plain)).toBeInstanceOf(Anthropic.BadRequestError)
  })

  test('sees no tools where tool_choice forbids them, and those that a system message adds', async () => {
    const simulation = simulate(script([say('Hi.')]))
    const tools = [refund]
    const params = { model, max_tokens: 9, tools }
    await simulation.client.messages.create({
      ...params,
      messages: [{ role: 'user', content: 'A' }],
      tool_choice: { type: 'none' },
    })
    const added = { type: 'tool_addition', tool: { type: 'tool_definition', definition: { ...refund, name: 'email' } } }
    const removed = { type: 'tool_removal', tool: { type: 'tool_reference', name: 'refund' } }
    const body = {
      ...params,
      messages: [
        { role: 'user', content: 'A' },
        { role: 'system', content: [added, removed] },
      ],
    }
    await simulation.client.post('/v1/messages', { body })
    const offered = simulation.reads.map((read) => (read.kind === 'call' ? read.conversation.tools : []))
    expect(offered).toEqual([[], ['email']])
  })
})

describe('a failure', () => {
  const classes: Readonly<Record<ModelFailureCode, unknown>> = {
    // What no status stands for is an error of the API where it has to be one.
    reset: Anthropic.InternalServerError,
    refused: Anthropic.InternalServerError,
    unresolved: Anthropic.InternalServerError,
    timeout: Anthropic.InternalServerError,
    'bad-request': Anthropic.BadRequestError,
    unauthorized: Anthropic.AuthenticationError,
    'not-found': Anthropic.NotFoundError,
    conflict: Anthropic.ConflictError,
    'rate-limited': Anthropic.RateLimitError,
    'server-error': Anthropic.InternalServerError,
    unavailable: Anthropic.InternalServerError,
    overloaded: Anthropic.InternalServerError,
    'slow-down': Anthropic.RateLimitError,
    'too-long': Anthropic.BadRequestError,
    'too-large': Anthropic.APIError,
    'spend-limit': Anthropic.BadRequestError,
    'no-credit': Anthropic.APIError,
  }

  test.each(modelFailureCodes)('%s is the error that the SDK has for it', async (code) => {
    const simulation = simulate(steps, (_index, session) => deliver(session.fail(code)))
    const error = await rejection(ask(simulation))
    expect(error).toBeInstanceOf(classes[code])
    expect(error).toMatchObject({ status: openSession().fail(code).status })
  })

  test.each<[ModelFailureCode, string]>([
    ['timeout', 'timeout_error'],
    ['bad-request', 'invalid_request_error'],
    ['unauthorized', 'authentication_error'],
    ['rate-limited', 'rate_limit_error'],
    ['server-error', 'api_error'],
    ['overloaded', 'overloaded_error'],
  ])('%s has the type %s, a message and a request id', async (code, type) => {
    const simulation = simulate(steps, (_index, session) => deliver(session.fail(code, { message: 'As told.' })))
    const error = await rejection(ask(simulation))
    expect(error).toMatchObject({ type, apiMessage: 'As told.', requestID: expect.stringMatching(/^req_/) })
  })

  test('unavailable is the page of a proxy, with no JSON and no request id', () => {
    const { headers, chunks } = openSession().fail('unavailable')
    expect(headers['content-type']).toBe('text/html')
    expect(headers['request-id']).toBeUndefined()
    expect(chunks.join('')).toContain('<h1>503 ')
  })

  test.each<[ModelFailureCode, number]>([
    ['overloaded', 3],
    ['unavailable', 3],
    ['rate-limited', 3],
    ['conflict', 3],
    ['bad-request', 1],
    ['unauthorized', 1],
    ['not-found', 1],
  ])('%s makes the SDK send %i requests', async (code, requests) => {
    const failing = (_index: number, session: ReturnType<typeof openSession>) =>
      deliver(session.fail(code, { retryAfter: '0.001' }))
    const simulation = simulate(steps, failing, { maxRetries: 2 })
    await rejection(ask(simulation))
    expect(simulation.requests).toHaveLength(requests)
  })

  test.each(['1', '0', '-1', 'soon', '9999999', 'Wed, 21 Oct 2099 07:28:00 GMT'])(
    'carries retry-after "%s" as it stands',
    async (retryAfter) => {
      const simulation = simulate(steps, (_index, session) => deliver(session.fail('rate-limited', { retryAfter })))
      const error = await rejection(ask(simulation))
      expect(error instanceof Anthropic.RateLimitError && error.headers.get('retry-after')).toBe(retryAfter)
    },
  )

  test('inside a stream is an error without a status, and not retried', async () => {
    const simulation = simulate(
      steps,
      (_index, session, own) => {
        const answer = own()
        return deliver({
          ...answer,
          chunks: [...answer.chunks.slice(0, 3), session.ping(), session.failInStream('overloaded')],
        })
      },
      { maxRetries: 2 },
    )
    const stream = simulation.client.messages.stream({ ...question, messages: [...question.messages], tools: [refund] })
    const error = await rejection(stream.finalMessage())
    expect(error).toBeInstanceOf(Anthropic.APIError)
    expect(error).toMatchObject({ status: undefined, type: 'overloaded_error' })
    expect(simulation.requests).toHaveLength(1)
    await turns()
  })
})

describe('a request is refused as the real API does it', () => {
  const use = (id: string) => ({ type: 'tool_use', id, name: 'refund', input: {} })
  const resultOf = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: 'ok' })
  const user = (content: unknown) => ({ role: 'user', content })
  const assistant = (content: unknown) => ({ role: 'assistant', content })
  const refusal = (body: object) => {
    const read = openSession().read(wire({ model, max_tokens: 9, ...body }))
    return read.kind === 'refusal' ? `${read.status} ${read.message}` : 'accepted'
  }

  test.each<[string, object, RegExp]>([
    ['no max_tokens', { max_tokens: undefined, messages: [user('A')] }, /^400 max_tokens: Field required/],
    ['no model', { model: undefined, messages: [user('A')] }, /^400 model: Field required/],
    ['max_tokens of 0', { max_tokens: 0, messages: [user('A')] }, /^400 max_tokens: Input should be greater/],
    ['no messages', {}, /^400 messages: Field required/],
    ['an empty list', { messages: [] }, /^400 messages: at least one message is required/],
    [
      'an assistant that begins',
      { messages: [assistant('A')] },
      /^400 messages: first message must use the "user" role/,
    ],
    ['an unknown role', { messages: [user('A'), { role: 'tool', content: 'x' }] }, /^400 messages\.1\.role: /],
    ['empty content', { messages: [user('')] }, /^400 messages\.0: all messages must have non-empty content/],
    ['no blocks', { messages: [user([])] }, /^400 messages\.0: all messages must have non-empty content/],
    [
      'an empty text',
      { messages: [user([{ type: 'text', text: '' }])] },
      /^400 messages: text content blocks must be non-empty/,
    ],
    [
      'a call without its result',
      { messages: [user('A'), assistant([use('a')]), user('B')] },
      /ids were found without .* after: a\./,
    ],
    [
      'a call at the end',
      { messages: [user('A'), assistant([use('a')])] },
      /^400 messages\.1: `tool_use` ids were found/,
    ],
    [
      'half of the results',
      { messages: [user('A'), assistant([use('a'), use('b')]), user([resultOf('a')])] },
      /after: b\./,
    ],
    [
      'a text before the result',
      { messages: [user('A'), assistant([use('a')]), user([{ type: 'text', text: 'x' }, resultOf('a')])] },
      /after: a\./,
    ],
    [
      'a result of no call',
      { messages: [user([resultOf('zzz')])] },
      /unexpected `tool_use_id` found in `tool_result` blocks: zzz/,
    ],
    [
      'a result too late',
      { messages: [user('A'), assistant([use('a')]), user([resultOf('a')]), assistant('B'), user([resultOf('a')])] },
      /unexpected/,
    ],
    [
      'two results of one call',
      { messages: [user('A'), assistant([use('a')]), user([resultOf('a'), resultOf('a')])] },
      /single result/,
    ],
    [
      'an id used twice',
      {
        messages: [
          user('A'),
          assistant([use('a')]),
          user([resultOf('a')]),
          assistant([use('a')]),
          user([resultOf('a')]),
        ],
      },
      /ids must be unique/,
    ],
    [
      'an id with other characters',
      { messages: [user('A'), assistant([use('a b')]), user([resultOf('a b')])] },
      /should match pattern/,
    ],
    [
      'an input that is no object',
      { messages: [user('A'), assistant([{ ...use('a'), input: '{' }]), user([resultOf('a')])] },
      /valid dictionary/,
    ],
    [
      'two tools of one name',
      { messages: [user('A')], tools: [refund, refund] },
      /^400 tools: Tool names must be unique/,
    ],
  ])('%s', (_name, body, expected) => {
    expect(refusal(body)).toMatch(expected)
  })

  test.each<[string, object]>([
    ['messages of one role in a row', { messages: [user('A'), user('B'), assistant('C'), assistant('D'), user('E')] }],
    [
      'results over two user messages',
      { messages: [user('A'), assistant([use('a'), use('b')]), user([resultOf('a')]), user([resultOf('b')])] },
    ],
    [
      'a text after the result',
      { messages: [user('A'), assistant([use('a')]), user([resultOf('a'), { type: 'text', text: 'x' }])] },
    ],
    [
      'blocks that it does not know',
      { messages: [user([{ type: 'image', source: {} }]), assistant([{ type: 'thinking', thinking: 'x' }])] },
    ],
    ['an answer begun in advance', { messages: [user('A'), assistant('{')] }],
    [
      'a result without content',
      { messages: [user('A'), assistant([use('a')]), user([{ type: 'tool_result', tool_use_id: 'a' }])] },
    ],
  ])('but not: %s', (_name, body) => {
    expect(refusal(body)).toBe('accepted')
  })

  test('malformed JSON, a missing key and a missing version', () => {
    const read = (request: object, body: string) => {
      const value = openSession().read({ ...wire({}), body, ...request })
      return value.kind === 'refusal' ? [value.status, value.model, value.message] : 'accepted'
    }
    expect(read({}, '{"model":')).toEqual([400, 'unknown', 'The request body is not valid JSON.'])
    expect(read({ header: () => null }, JSON.stringify(question))).toEqual([401, model, 'x-api-key header is required'])
    const key = (name: string) => (name === 'x-api-key' ? 'k' : null)
    expect(read({ header: key }, JSON.stringify(question))).toEqual([
      400,
      model,
      'anthropic-version: header is required',
    ])
  })

  test('the refusal reaches the SDK as its typed error', async () => {
    const simulation = simulate(steps)
    const messages = [user('A'), assistant([use('a')]), user('B')]
    const error = await rejection(simulation.client.post('/v1/messages', { body: { model, max_tokens: 9, messages } }))
    expect(error).toBeInstanceOf(Anthropic.BadRequestError)
    expect(error).toMatchObject({ type: 'invalid_request_error', requestID: expect.stringMatching(/^req_/) })
    expect(simulation.settled).toEqual(['delivered'])
  })

  test('what is read is in the terms of a conversation', () => {
    const messages = [
      user('A'),
      assistant([{ type: 'thinking', thinking: 'hm' }, { type: 'text', text: 'B' }, use('a')]),
      user([{ ...resultOf('a'), is_error: true, content: [{ type: 'text', text: 'no' }] }]),
    ]
    const read = openSession().read(wire({ model, max_tokens: 9, system: [{ type: 'text', text: 'S' }], messages }))
    expect(read).toMatchObject({
      kind: 'call',
      stream: false,
      conversation: {
        system: 'S',
        messages: [
          { role: 'user', blocks: [{ kind: 'text', text: 'A' }] },
          {
            role: 'assistant',
            blocks: [{ kind: 'other', type: 'thinking' }, { kind: 'text' }, { kind: 'tool-call', id: 'a', input: {} }],
          },
          { role: 'user', blocks: [{ kind: 'tool-result', id: 'a', failed: true, text: 'no' }] },
        ],
      },
    })
  })
})

function wire(body: object) {
  return {
    method: 'POST',
    url: 'https://api.anthropic.com/v1/messages',
    header: (name: string) => (name === 'x-api-key' ? 'k' : name === 'anthropic-version' ? '2023-06-01' : null),
    headers: () => ({ 'x-api-key': 'k', 'anthropic-version': '2023-06-01' }),
    body: JSON.stringify(body),
  }
}
