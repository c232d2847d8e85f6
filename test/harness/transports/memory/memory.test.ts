import Anthropic from '@anthropic-ai/sdk'
import { describe, expect, test } from 'vitest'
import type { WireRequest } from '../../../../harness/contracts/provider.js'
import type { Chunk, Delivery, Endpoint, Exchange, Settlement } from '../../../../harness/contracts/transport.js'
import { say, script } from '../../../../harness/models/script.js'
import { memoryFetch } from '../../../../harness/transports/memory/memory.js'
import {
  type Disturbance,
  deliver,
  HandClock,
  rejection,
  simulate,
  turns,
} from '../../../support/providers/simulated.js'

const url = 'https://api.example.com/v1/things'
const json: Delivery = {
  kind: 'answer',
  status: 200,
  headers: { 'content-type': 'application/json' },
  chunks: [{ afterMs: 0, text: '{"a":"é🚚"}' }],
  end: 'close',
}

function stream(chunks: readonly Chunk[], end: 'close' | 'reset' | 'stall' = 'close'): Delivery {
  return { kind: 'answer', status: 200, headers: { 'content-type': 'text/event-stream' }, chunks, end }
}

const three: readonly Chunk[] = ['one ', 'two ', 'three'].map((text) => ({ afterMs: 0, text }))

/** A fetch that always gets `delivery`, and what became of it. */
function fetching(delivery: Delivery, { afterMs, later = false }: { afterMs?: number; later?: boolean } = {}) {
  const clock = new HandClock()
  const settled: Settlement[] = []
  const requests: WireRequest[] = []
  const exchange: Exchange = {
    delivery,
    ...(afterMs !== undefined && !later && { afterMs }),
    settle: (how) => settled.push(how),
  }
  const endpoint: Endpoint = (request) => {
    requests.push(request)
    return later ? clock.sleep(afterMs ?? 0).then(() => exchange) : exchange
  }
  const answer = memoryFetch(endpoint, clock.sleep)
  return { clock, settled, requests, get: (init?: RequestInit) => answer(url, url, init), answer }
}

describe('a JSON answer', () => {
  test('comes whole, at once and without any timer', async () => {
    const { get, settled, clock } = fetching(json)
    const response = await get()
    expect(settled).toEqual(['delivered'])
    expect(response).toMatchObject({ status: 200, ok: true, url })
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toEqual({ a: 'é🚚' })
    expect(clock.slept).toEqual([])
  })

  test('without a body is one where the standard allows none', async () => {
    const { get, settled } = fetching({ kind: 'answer', status: 204, headers: {}, chunks: [], end: 'close' })
    expect((await get()).body).toBeNull()
    expect(settled).toEqual(['delivered'])
  })
})

describe('a request', () => {
  const bytes = new TextEncoder().encode('{"q":"é"}')
  test.each<[string, NonNullable<RequestInit['body']>]>([
    ['a text', '{"q":"é"}'],
    ['bytes', bytes],
    ['an array buffer', bytes.buffer],
    ['a blob', new Blob([bytes])],
    ['a stream', new Blob([bytes]).stream()],
  ])('with %s as its body is read', async (_name, body) => {
    const { get, requests } = fetching(json)
    await get({ method: 'post', body, headers: { 'X-Key': 'k' }, duplex: 'half' } as RequestInit)
    expect(requests[0]).toMatchObject({ method: 'POST', url, body: '{"q":"é"}' })
    expect(requests[0]?.header('x-key')).toBe('k')
  })

  test('given as a Request is read, and init has the last word', async () => {
    const { answer, requests } = fetching(json)
    const request = () => new Request(url, { method: 'PUT', body: 'own', headers: { a: '1' } })
    await answer(url, request())
    await answer(url, request(), { method: 'POST', body: 'other', headers: { a: '2' } })
    expect(requests.map(({ method, body, header }) => [method, body, header('a')])).toEqual([
      ['PUT', 'own', '1'],
      ['POST', 'other', '2'],
    ])
  })

  test('with GET and a body is refused', async () => {
    expect(await rejection(fetching(json).get({ body: 'x' }))).toBeInstanceOf(TypeError)
  })
})

describe('a streamed answer', () => {
  test('comes in its chunks, each in its time, and settles at its end', async () => {
    const chunks = three.map(({ text }, index) => ({ afterMs: index * 100, text }))
    const { get, settled, clock } = fetching(stream(chunks))
    const reader = (await get()).body?.getReader()
    const seen: [number, string][] = []
    const reading = (async () => {
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
        seen.push([clock.nowMs, new TextDecoder().decode(part.value)])
      }
    })()
    await clock.pass(99)
    expect(seen).toEqual([[0, 'one ']])
    expect(settled).toEqual([])
    await clock.pass(1000)
    await reading
    expect(seen).toEqual([
      [0, 'one '],
      [100, 'two '],
      [300, 'three'],
    ])
    expect(settled).toEqual(['delivered'])
    expect(clock.pending).toBe(0)
  })

  test('that is reset gives its chunks and then fails', async () => {
    const { get, settled } = fetching(stream(three, 'reset'))
    const seen: string[] = []
    const error = await rejection(drain(await get(), seen))
    expect(seen.join('')).toBe('one two three')
    expect(error).toMatchObject({ name: 'TypeError', message: 'terminated', cause: { code: 'ECONNRESET' } })
    expect(settled).toEqual(['reset'])
  })

  test('that stalls fails at the idle limit of the client', async () => {
    const { get, settled, clock } = fetching(stream(three.slice(0, 1), 'stall'))
    const failing = rejection(drain(await get(), []))
    await clock.pass(299_999)
    expect(settled).toEqual([])
    await clock.pass(1)
    expect(await failing).toMatchObject({ message: 'terminated', cause: { code: 'UND_ERR_BODY_TIMEOUT' } })
    expect(settled).toEqual(['idle'])
  })

  test('whose next chunk comes after the idle limit fails at the limit', async () => {
    const { get, settled, clock } = fetching(
      stream([
        { afterMs: 0, text: 'a' },
        { afterMs: 300_001, text: 'b' },
      ]),
    )
    const failing = rejection(drain(await get(), []))
    await clock.pass(300_000)
    expect(await failing).toMatchObject({ cause: { name: 'BodyTimeoutError' } })
    expect(settled).toEqual(['idle'])
  })

  test.each(['before it is read', 'while it waits', 'between its chunks'])('is ended by an abort %s', async (when) => {
    const { get, settled, clock } = fetching(
      stream([
        { afterMs: 0, text: 'a' },
        { afterMs: 50, text: 'b' },
      ]),
    )
    const controller = new AbortController()
    const reader = (await get({ signal: controller.signal })).body?.getReader()
    if (when !== 'before it is read') await reader?.read()
    const failing = when === 'while it waits' ? rejection(reader?.read() ?? Promise.resolve()) : undefined
    await turns()
    controller.abort()
    const error = await (failing ?? rejection(reader?.read() ?? Promise.resolve()))
    expect(error).toBe(controller.signal.reason)
    expect(error).toMatchObject({ name: 'AbortError' })
    expect(settled).toEqual(['gave-up'])
    await clock.pass(1000)
    expect(settled).toEqual(['gave-up'])
    expect(clock.pending).toBe(0)
  })

  test('that is cancelled settles once and leaves no timer', async () => {
    const { get, settled, clock } = fetching(
      stream([
        { afterMs: 0, text: 'a' },
        { afterMs: 50, text: 'b' },
      ]),
    )
    const reader = (await get()).body?.getReader()
    await reader?.read()
    void reader?.read()
    await turns()
    await reader?.cancel()
    expect(settled).toEqual(['gave-up'])
    expect(clock.pending).toBe(0)
  })
})

describe.each([
  ['takes its time by afterMs', false],
  ['answers later', true],
])('an endpoint that %s', (_name, later) => {
  test('is waited for', async () => {
    const { get, settled, clock } = fetching(json, { afterMs: 500, later })
    let response: Response | undefined
    const got = get().then((value) => {
      response = value
    })
    await clock.pass(499)
    expect(response).toBeUndefined()
    await clock.pass(1)
    await got
    expect(await response?.text()).toBe('{"a":"é🚚"}')
    expect(settled).toEqual(['delivered'])
    expect(clock.pending).toBe(0)
  })

  test('is left by an abort at once, and learns of it', async () => {
    const { get, settled, clock } = fetching(json, { afterMs: 500, later })
    const controller = new AbortController()
    const failing = rejection(get({ signal: controller.signal }))
    await clock.pass(100)
    controller.abort(new Error('enough'))
    expect(await failing).toMatchObject({ message: 'enough' })
    await clock.pass(1000)
    expect(settled).toEqual(['gave-up'])
    expect(clock.pending).toBe(0)
  })

  test('is left at the idle limit', async () => {
    const { get, settled, clock } = fetching(json, { afterMs: 400_000, later })
    const failing = rejection(get())
    await clock.pass(300_000)
    expect(await failing).toMatchObject({ message: 'fetch failed', cause: { code: 'UND_ERR_HEADERS_TIMEOUT' } })
    await clock.pass(200_000)
    expect(settled).toEqual(['idle'])
  })

  test('may end in silence, which lasts until the idle limit after the request', async () => {
    const { get, settled, clock } = fetching({ kind: 'no-answer', how: 'silence' }, { afterMs: 500, later })
    const failing = rejection(get())
    await clock.pass(299_999)
    expect(settled).toEqual([])
    await clock.pass(1)
    expect(await failing).toMatchObject({ cause: { code: 'UND_ERR_HEADERS_TIMEOUT' } })
    expect(settled).toEqual(['idle'])
    expect(clock.pending).toBe(0)
  })

  test.each(['reset', 'refused', 'unresolved'] as const)('may end without an answer: %s', async (how) => {
    const { get, settled, clock } = fetching({ kind: 'no-answer', how }, { afterMs: 500, later })
    const failing = rejection(get())
    await clock.pass(499)
    expect(settled).toEqual([])
    await clock.pass(1)
    expect(await failing).toMatchObject({ message: 'fetch failed' })
    expect(settled).toEqual([how])
    expect(clock.pending).toBe(0)
  })
})

describe('the edges', () => {
  test('a signal aborted beforehand keeps the request from being made', async () => {
    const { get, requests, settled } = fetching(json)
    const signal = AbortSignal.abort()
    expect(await rejection(get({ signal }))).toBe(signal.reason)
    expect([requests, settled]).toEqual([[], []])
  })

  test('the error of an endpoint is passed on', async () => {
    const sleep = new HandClock().sleep
    const bug = new Error('bug')
    const throws = memoryFetch(() => {
      throw bug
    }, sleep)
    expect(await rejection(throws(url, url))).toBe(bug)
    expect(await rejection(memoryFetch(() => Promise.reject(bug), sleep)(url, url))).toBe(bug)
  })
})

describe('the SDK over it', () => {
  const model = script([say('A longer answer, so that there is something to cut.')])
  const params = { model: 'claude-opus-5', max_tokens: 9, messages: [{ role: 'user' as const, content: 'Hi' }] }
  const loss =
    (how: 'silence' | 'reset' | 'refused' | 'unresolved'): Disturbance =>
    () => ({ kind: 'no-answer', how })

  test.each(['reset', 'refused', 'unresolved'] as const)('%s is its connection error', async (how) => {
    const { client } = simulate(model, loss(how))
    const error = await rejection(client.messages.create(params))
    expect(error).toBeInstanceOf(Anthropic.APIConnectionError)
    expect(error).not.toBeInstanceOf(Anthropic.APIConnectionTimeoutError)
  })

  test('silence is its timeout, at the idle limit of the client', async () => {
    const { client, clock, settled } = simulate(model, loss('silence'))
    const failing = rejection(client.messages.create(params))
    await clock.pass(300_000)
    expect(await failing).toBeInstanceOf(Anthropic.APIConnectionTimeoutError)
    expect(settled).toEqual(['idle'])
  })

  test('silence is its timeout when its own is shorter', async () => {
    const { client, settled } = simulate(model, loss('silence'), { timeout: 5 })
    expect(await rejection(client.messages.create(params))).toBeInstanceOf(Anthropic.APIConnectionTimeoutError)
    expect(settled).toEqual(['gave-up'])
  })

  test('an abort of the caller is its abort error', async () => {
    const { client, settled } = simulate(model, loss('silence'))
    const controller = new AbortController()
    const failing = rejection(client.messages.create(params, { signal: controller.signal }))
    await turns()
    controller.abort()
    expect(await failing).toBeInstanceOf(Anthropic.APIUserAbortError)
    expect(settled).toEqual(['gave-up'])
  })

  test('a JSON answer cut by a reset is an error that it does not retry', async () => {
    const { client, requests } = simulate(model, cut('reset'), { maxRetries: 2 })
    expect(await rejection(client.messages.create(params))).toMatchObject({ message: 'terminated' })
    expect(requests).toHaveLength(1)
  })

  test('a JSON answer that ends early is one that does not parse', async () => {
    const { client } = simulate(model, cut('close'))
    expect(await rejection(client.messages.create(params))).toBeInstanceOf(SyntaxError)
  })

  test.each(['reset', 'close'] as const)('a stream cut by %s is an error, with the text that came', async (end) => {
    const { client, requests } = simulate(model, cut(end), { maxRetries: 2 })
    const stream = client.messages.stream(params)
    let text = ''
    stream.on('text', (delta) => {
      text += delta
    })
    expect(await rejection(stream.finalMessage())).toBeInstanceOf(Anthropic.AnthropicError)
    expect(text).toMatch(/^A longer/)
    expect(requests).toHaveLength(1)
  })

  test('a stream that stalls is an error only at the idle limit of the client', async () => {
    const { client, clock, settled } = simulate(model, cut('stall'))
    const failing = rejection(client.messages.stream(params).finalMessage())
    await clock.pass(299_999)
    expect(settled).toEqual([])
    await clock.pass(1)
    expect(await failing).toMatchObject({ message: 'terminated' })
    expect(settled).toEqual(['idle'])
  })

  /** About two thirds of the bytes, in the middle of a chunk. */
  function cut(end: 'reset' | 'close' | 'stall'): Disturbance {
    return (_index, _session, own) => {
      const answer = own()
      const kept = Math.ceil((answer.chunks.length * 2) / 3)
      const chunks = answer.chunks.slice(0, kept).map((text, at) => (at === kept - 1 ? text.slice(0, -20) : text))
      return deliver({ ...answer, chunks }, end)
    }
  }
})

async function drain(response: Response, seen: string[]): Promise<void> {
  const reader = response.body?.getReader()
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    seen.push(new TextDecoder().decode(part.value))
  }
}
