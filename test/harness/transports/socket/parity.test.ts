/** One body, run by a client on `node:http` against the transport in memory and against a real server on loopback. */
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { WireRequest } from '../../../../harness/contracts/provider.js'
import type { Delivery, Endpoint } from '../../../../harness/contracts/transport.js'
import { socket } from '../../../../harness/transports/socket/transport.js'
import { type Ask, ask } from '../../../support/transports/node-client.js'
import { open } from '../../../support/transports/opened.js'

const answer: Delivery & { kind: 'answer' } = {
  kind: 'answer',
  status: 200,
  headers: { 'content-type': 'text/plain', 'content-length': '10' },
  chunks: [{ afterMs: 0, text: 'hello' }],
  end: 'close',
}
const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n'
const half = `${head}content-length: 10\r\n\r\nhello`
const whole = `${head}content-length: 5\r\n\r\nhello`

/** The same exchange, as a value and as what a real server does on its socket. */
const exchanges: Readonly<Record<string, { readonly delivery: Delivery; readonly serve: (socket: Socket) => void }>> = {
  whole: {
    delivery: { ...answer, headers: { ...answer.headers, 'content-length': '5' } },
    serve: (socket) => socket.write(whole),
  },
  'whole, in chunks of no announced length': {
    delivery: { ...answer, headers: {}, chunks: [...answer.chunks, ...answer.chunks] },
    serve: (socket) =>
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nhello\r\n0\r\n\r\n'),
  },
  'without a body': {
    delivery: { ...answer, status: 204, headers: {}, chunks: [] },
    serve: (socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\n'),
  },
  'a refusal': {
    delivery: { ...answer, status: 503, headers: { 'content-length': '5', 'retry-after': '-1' } },
    serve: (socket) =>
      socket.write('HTTP/1.1 503 Service Unavailable\r\ncontent-length: 5\r\nretry-after: -1\r\n\r\nhello'),
  },
  'a reset before the answer': {
    delivery: { kind: 'no-answer', how: 'reset' },
    serve: (socket) => socket.resetAndDestroy(),
  },
  'a reset in the body': {
    delivery: { ...answer, end: 'reset' },
    serve: (socket) => socket.write(half, () => setTimeout(() => socket.resetAndDestroy(), 20)),
  },
  'a reset when nothing but the head has come': {
    delivery: { ...answer, chunks: [], end: 'reset' },
    serve: (socket) =>
      socket.write(`${head}content-length: 10\r\n\r\n`, () => setTimeout(() => socket.resetAndDestroy(), 20)),
  },
  'a clean end in the body': {
    delivery: answer,
    serve: (socket) => socket.write(half, () => setTimeout(() => socket.end(), 20)),
  },
}

/** What only the client ends; the delays are real. */
const silences: Readonly<Record<string, Ask>> = {
  'a timeout': { timeout: 30 },
  'a timeout that is set afterwards': { patienceMs: 30 },
  'an abort': { made: (request) => setTimeout(() => request.destroy(), 30) },
  'an abort with a reason': { made: (request) => setTimeout(() => request.destroy(new Error('enough')), 30) },
  'a signal': { signal: AbortSignal.timeout(30) },
}

describe('over a connection in memory a client on node:http sees what it sees of a real server', () => {
  let server: Server
  let real: string
  let serve: (socket: Socket) => void = () => {}
  let stop = () => {}
  let endpoint: Endpoint
  const origin = 'http://api.example.com'
  const sockets = new Set<Socket>()

  beforeAll(async () => {
    server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('data', () => serve(socket))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    real = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })

  afterAll(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })

  beforeEach(() => {
    const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
    const isServed = (url: string) => url.startsWith(origin)
    const hand = {
      endpoint: (url: string) => (isServed(url) ? (request: WireRequest) => endpoint(request) : undefined),
    }
    stop = open(socket, hand, { sleep, frozen: false }).stop
  })

  afterEach(() => stop())

  /** In memory, then on a real socket. */
  async function both(look: (base: string) => Promise<unknown>): Promise<readonly [unknown, unknown]> {
    const simulated = await look(origin)
    stop()
    return [simulated, await look(real)]
  }

  test.each(Object.keys(exchanges))('in %s', async (name) => {
    const { delivery, serve: really } = exchanges[name] ?? { delivery: answer, serve: () => {} }
    serve = really
    endpoint = () => ({ delivery, settle: () => {} })
    const [simulated, expected] = await both((base) => ask(`${base}/x`))
    expect(simulated).toEqual(expected)
  })

  test.each(Object.keys(silences))('in a silence that it ends by %s', async (name) => {
    serve = () => {}
    endpoint = () => ({ delivery: { kind: 'no-answer', how: 'silence' }, settle: () => {} })
    const { signal, ...options } = silences[name] ?? {}
    const own = () => (signal ? { ...options, signal: AbortSignal.timeout(30) } : options)
    const [simulated, expected] = await both((base) => ask(`${base}/x`, own()))
    expect(simulated).toEqual(expected)
  })

  test('in a body that stalls until its timeout', async () => {
    serve = (socket) => socket.write(half)
    endpoint = () => ({ delivery: { ...answer, end: 'stall' }, settle: () => {} })
    const [simulated, expected] = await both((base) => ask(`${base}/x`, { timeout: 300 }))
    expect(simulated).toEqual(expected)
  })

  test('in a refused connection', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    endpoint = () => ({ delivery: { kind: 'no-answer', how: 'refused' }, settle: () => {} })
    const simulated = await ask(`${origin}/x`)
    stop()
    expect(simulated).toEqual(await ask(`http://127.0.0.1:${port}/x`))
  })

  test('in what its events give it of the answer', async () => {
    const { delivery, serve: really } = exchanges.whole ?? { delivery: answer, serve: () => {} }
    serve = really
    endpoint = () => ({ delivery, settle: () => {} })
    const look = async (base: string) => {
      const facts: unknown[] = []
      await ask(`${base}/x`, {
        method: 'POST',
        body: '{}',
        made: (request) =>
          request.on('response', (response) => {
            const { statusCode, statusMessage, headers, httpVersion } = response
            facts.push(statusCode, statusMessage, headers, httpVersion)
            response.on('end', () => facts.push(response.complete))
          }),
      })
      return facts
    }
    const [simulated, expected] = await both(look)
    expect(simulated).toEqual(expected)
  })
})
