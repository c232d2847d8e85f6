/**
 * Proves that the errors of the simulated network are those of the platform. One body, run by `fetch` and by a client on
 * `node:http`: against the simulation, and against a real server on loopback that does the same.
 */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Delivery } from '../../../harness/contracts/transport.js'
import { real } from '../../../harness/sandbox/real.js'
import { trialFetch } from '../../../harness/transports/memory/fetch.js'
import { memoryFetch } from '../../../harness/transports/memory/memory.js'
import { socket } from '../../../harness/transports/socket/transport.js'
import { shapeOf } from '../../support/error-shape.js'
import { HandClock, rejection } from '../../support/providers/simulated.js'
import { open, routerBy } from '../../support/transports/opened.js'

const half: Delivery & { kind: 'answer' } = {
  kind: 'answer',
  status: 200,
  headers: { 'content-type': 'text/plain', 'content-length': '10' },
  chunks: [{ afterMs: 0, text: 'hello' }],
  end: 'reset',
}
const onWire = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 10\r\n\r\nhello'
const silence: Delivery = { kind: 'no-answer', how: 'silence' }
const stall: Delivery = { ...half, end: 'stall' }

/** How long the client waits before it gives up, in real milliseconds. */
const patienceMs = 20

/** What a client does with an address, and gets an error for. */
interface Way {
  readonly fetch: (get: typeof fetch, url: string) => Promise<unknown>
  readonly nodeHttp: (url: string) => Promise<unknown>
}

const whole: Way = {
  fetch: async (get, url) => (await get(url)).text(),
  nodeHttp: (url) => read(http.get(url)),
}

function withSignal(signal: () => AbortSignal): Way {
  return {
    fetch: async (get, url) => (await get(url, { signal: signal() })).text(),
    nodeHttp: (url) => read(http.get(url, { signal: signal() })),
  }
}

function abortAfter(reason?: unknown): () => AbortSignal {
  return () => {
    const stop = new AbortController()
    setTimeout(() => stop.abort(reason), patienceMs)
    return stop.signal
  }
}

/** Resolves to nothing where all of the answer came; rejects with the first error of request or answer. */
function read(request: http.ClientRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    request.on('error', reject)
    request.on('response', (response) => response.on('error', reject).on('end', resolve).resume())
  })
}

interface Mishap {
  readonly delivery: Delivery
  /** What a real server does once it has been asked; `undefined`: it does not listen. */
  readonly serve: ((socket: Socket) => void) | undefined
  readonly way: Way
}

const stalls = (socket: Socket) => socket.write(onWire)
const says = (socket: Socket) => socket.write(onWire, () => setTimeout(() => socket.resetAndDestroy(), 20))

const mishaps: Readonly<Record<string, Mishap>> = {
  'a connection that is refused': {
    delivery: { kind: 'no-answer', how: 'refused' },
    serve: undefined,
    way: whole,
  },
  'a reset before the answer': {
    delivery: { kind: 'no-answer', how: 'reset' },
    serve: (socket) => socket.resetAndDestroy(),
    way: whole,
  },
  'a reset in the body': { delivery: half, serve: says, way: whole },
  'a signal that was aborted beforehand': {
    delivery: silence,
    serve: () => {},
    way: withSignal(() => AbortSignal.abort()),
  },
  'an abort while it waits': { delivery: silence, serve: () => {}, way: withSignal(abortAfter()) },
  'an abort for a reason of its own': {
    delivery: silence,
    serve: () => {},
    way: withSignal(abortAfter(new RangeError('mine'))),
  },
  'a signal that times out': {
    delivery: silence,
    serve: () => {},
    way: withSignal(() => AbortSignal.timeout(patienceMs)),
  },
  'an abort in the body': { delivery: stall, serve: stalls, way: withSignal(abortAfter()) },
  'a signal that times out in the body': {
    delivery: stall,
    serve: stalls,
    way: withSignal(() => AbortSignal.timeout(patienceMs)),
  },
  'an address that is none': {
    delivery: silence,
    serve: () => {},
    way: { fetch: (get, url) => get(url, { body: 'x' }), nodeHttp: (url) => read(http.get(url, { path: 'a b' })) },
  },
}

describe('the errors of the simulated network are those of the platform', () => {
  let server: Server
  let origin: string
  let closed: string
  let serve: (socket: Socket) => void = () => {}
  const sockets = new Set<Socket>()

  beforeAll(async () => {
    server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('data', () => serve(socket))
    })
    origin = await listening(server)
    const gone = createServer()
    closed = await listening(gone)
    await new Promise((resolve) => gone.close(resolve))
  })

  afterAll(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })

  async function listening(listener: Server): Promise<string> {
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
  }

  const realOf = ({ serve: does }: Mishap) => {
    serve = does ?? (() => {})
    return `${does ? origin : closed}/`
  }

  describe.each(Object.entries(mishaps))('in %s', (_, mishap) => {
    test('by fetch', async () => {
      const answering = memoryFetch(
        () => ({ delivery: mishap.delivery, settle: () => {} }),
        (ms, signal) => new HandClock().sleep(ms, signal),
      )
      const get: typeof fetch = (input, init) => answering(String(input), input, init)
      const simulated = await rejection(mishap.way.fetch(get, 'http://127.0.0.1:8080/'))
      expect(shapeOf(simulated)).toEqual(shapeOf(await rejection(mishap.way.fetch(real.fetch, realOf(mishap)))))
    })

    test('by node:http', async () => {
      const base = 'http://api.example.com'
      const endpoint = (url: string) =>
        url.startsWith(base) ? () => ({ delivery: mishap.delivery, settle: () => {} }) : undefined
      const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
      const { stop } = open(socket, { endpoint }, { sleep, frozen: false })
      const simulated = await errorOf(() => mishap.way.nodeHttp(`${base}/`))
      stop()
      expect(shapeOf(simulated)).toEqual(shapeOf(await errorOf(() => mishap.way.nodeHttp(realOf(mishap)))))
    })
  })

  describe('in a request that fetch refuses', () => {
    const body = () => new Response('x').body
    const requests: Readonly<Record<string, (get: typeof fetch, url: string) => Promise<unknown>>> = {
      'for its relative address': (get) => get('/x'),
      'for having no address': (get) => get(undefined as never),
      'for a number as address': (get) => get(5 as never),
      'for a symbol as address': (get) => get(Symbol('x') as never),
      'for its protocol': (get) => get('ftp://a.example/'),
      'for the name of a header': (get, url) => get(url, { headers: { 'a b': 'c' } }),
      'for the value of a header': (get, url) => get(url, { headers: { authorization: 'Bearer a\nb' } }),
      'for a header that is no pair': (get, url) => get(url, { headers: [['a']] as never }),
      'for a method that is none': (get, url) => get(url, { method: 'A B' }),
      'for a method that it forbids': (get, url) => get(url, { method: 'CONNECT' }),
      'for a body of a GET': (get, url) => get(url, { body: 'x' }),
      'for a signal that is none': (get, url) => get(url, { signal: {} as never }),
      'for a stream without duplex': (get, url) => get(url, { method: 'POST', body: body() }),
      'for a stream that was read': async (get, url) => {
        const response = new Response('x')
        const stream = response.body
        await response.text()
        return get(url, { method: 'POST', body: stream, duplex: 'half' } as RequestInit)
      },
      'for a request that was sent already': async (get, url) => {
        const request = new Request(url, { method: 'POST', body: 'x' })
        await request.text()
        return get(request)
      },
      'for how it should be redirected': (get, url) => get(url, { redirect: 'x' as never }),
      'for options that are none': (get, url) => get(url, 5 as never),
      'in reading its answer twice': async (get, url) => {
        const response = await get(url)
        await response.text()
        return response.text()
      },
      'in an answer that is no JSON': async (get, url) => (await get(url)).json(),
    }

    test.each(Object.keys(requests))('%s', async (name) => {
      const request = requests[name] ?? (() => Promise.resolve())
      const url = 'http://api.example.com/'
      const delivery: Delivery = { ...half, headers: { 'content-length': '5' }, end: 'close' }
      const endpoint = (asked: string) => (asked.startsWith(url) ? () => ({ delivery, settle: () => {} }) : undefined)
      const simulated = trialFetch(routerBy({ endpoint }), new HandClock().sleep, real.fetch)
      serve = (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello')
      const expected = await errorOf(() => request(real.fetch, `${origin}/`))
      expect(shapeOf(await rejection(request(simulated, url)))).toEqual(shapeOf(expected))
    })
  })

  test('at the limits that fetch itself has for headers and body, given to the real one in milliseconds', async () => {
    // Loads the platform's client, so that its class can be had.
    await fetch('data:,')
    const dispatcher = Reflect.get(globalThis, Symbol.for('undici.globalDispatcher.1'))
    const impatient = new dispatcher.constructor({ headersTimeout: 50, bodyTimeout: 50 })
    const get: typeof fetch = (input, init) => real.fetch(input, { ...init, dispatcher: impatient } as RequestInit)
    for (const [delivery, does] of [
      [silence, () => {}],
      [stall, stalls],
    ] as const) {
      serve = does
      const clock = new HandClock()
      const answering = memoryFetch(() => ({ delivery, settle: () => {} }), clock.sleep)
      const simulated = rejection(answering('http://a.example/', 'http://a.example/').then((answer) => answer.text()))
      await clock.pass(300_000)
      const expected = await rejection(get(`${origin}/`).then((answer) => answer.text()))
      expect(shapeOf(await simulated)).toEqual(shapeOf(expected))
    }
    await impatient.destroy()
  })

  test('in a name that is not found', async (context) => {
    const url = 'http://name.invalid/'
    const [byFetch, byNode] = [await rejection(real.fetch(url)), await errorOf(() => read(http.get(url)))]
    const code = (byNode as NodeJS.ErrnoException).code
    if (code !== 'ENOTFOUND') return context.skip(`this machine's resolver says ${code} of a name that is not there`)
    const delivery: Delivery = { kind: 'no-answer', how: 'unresolved' }
    const get = memoryFetch(() => ({ delivery, settle: () => {} }), new HandClock().sleep)
    expect(shapeOf(await rejection(get(url, url)))).toEqual(shapeOf(byFetch))
    const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
    const endpoint = () => () => ({ delivery, settle: () => {} })
    const { stop } = open(socket, { endpoint }, { sleep, frozen: false })
    const simulated = await errorOf(() => read(http.get(url)))
    stop()
    expect(shapeOf(simulated)).toEqual(shapeOf(byNode))
  })
})

/** Also of what throws at once. */
async function errorOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('expected a failure')
}
