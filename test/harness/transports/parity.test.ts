/** One body, run against the simulation and against the platform's own `fetch` over a real socket on loopback. */

import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Delivery } from '../../../harness/contracts/transport.js'
import { memoryFetch } from '../../../harness/transports/memory/memory.js'
import { HandClock, rejection } from '../../support/providers/simulated.js'

/** What code that handles errors looks at, the accidents of one connection left out. */
function facts(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { name, message, cause } = error
  const { code, syscall, hostname } = error as { code?: unknown; syscall?: unknown; hostname?: unknown }
  const anyPort = message.replace(/[\d.]+:\d+/, 'ADDRESS')
  const fields = Object.keys(error).filter((key) => key === 'address' || key === 'port')
  return { name, message: anyPort, code, syscall, hostname, fields, cause: cause && facts(cause) }
}

const answer: Delivery & { kind: 'answer' } = {
  kind: 'answer',
  status: 200,
  headers: { 'content-type': 'text/plain', 'request-id': 'r' },
  chunks: [{ afterMs: 0, text: 'hello' }],
  end: 'close',
}
const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nrequest-id: r\r\ntransfer-encoding: chunked\r\n\r\n'
const hello = '5\r\nhello\r\n'

/** What the real server does, by path. */
const behaviours: Readonly<Record<string, (socket: Socket) => void>> = {
  '/whole': (socket) => socket.write(`${head}${hello}0\r\n\r\n`),
  '/reset': (socket) => socket.resetAndDestroy(),
  '/reset-in-body': (socket) => socket.write(head + hello, () => setTimeout(() => socket.resetAndDestroy(), 20)),
  '/stall': (socket) => socket.write(head + hello),
  '/silence': () => {},
}

function simulate(delivery: Delivery): { readonly fetch: typeof fetch; readonly clock: HandClock } {
  const clock = new HandClock()
  const answering = memoryFetch(() => ({ delivery, settle: () => {} }), clock.sleep)
  return { fetch: (input, init) => answering(String(input), input, init), clock }
}

describe('the simulated fetch fails and succeeds as the real one', () => {
  let server: Server
  let origin: string
  const sockets = new Set<Socket>()

  beforeAll(async () => {
    server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('data', (data) => behaviours[String(data).split(' ')[1] ?? '']?.(socket))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })

  afterAll(async () => {
    // A connection may still wait to be taken when all others are cut off.
    const closed = new Promise((resolve) => server.close(resolve))
    server.on('connection', (socket) => socket.destroy())
    for (const socket of sockets) socket.destroy()
    await closed
  })

  test('in a whole answer', async () => {
    const look = async (get: typeof fetch) => {
      const response = await get(`${origin}/whole`)
      const { status, ok, url, redirected, bodyUsed } = response
      return {
        status,
        ok,
        url,
        redirected,
        bodyUsed,
        id: response.headers.get('request-id'),
        text: await response.text(),
      }
    }
    expect(await look(simulate(answer).fetch)).toEqual(await look(fetch))
  })

  test('in a reset before the headers', async () => {
    const look = async (get: typeof fetch) => facts(await rejection(get(`${origin}/reset`)))
    expect(await look(simulate({ kind: 'no-answer', how: 'reset' }).fetch)).toEqual(await look(fetch))
  })

  test('in a connection that goes away in the body', async () => {
    const look = async (get: typeof fetch) => {
      const response = await get(`${origin}/reset-in-body`)
      return facts(await rejection(response.text()))
    }
    expect(await look(simulate({ ...answer, end: 'reset' }).fetch)).toEqual(await look(fetch))
  })

  test('in a refused connection', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    const look = async (get: typeof fetch) => facts(await rejection(get(`http://127.0.0.1:${port}/`)))
    expect(await look(simulate({ kind: 'no-answer', how: 'refused' }).fetch)).toEqual(await look(fetch))
  })

  test('in a signal that was aborted beforehand, while waiting, and in the body', async () => {
    const look = async (get: typeof fetch) => {
      const before = await rejection(get(`${origin}/silence`, { signal: AbortSignal.abort() }))
      const waiting = new AbortController()
      const pending = rejection(get(`${origin}/silence`, { signal: waiting.signal }))
      setTimeout(() => waiting.abort(), 20)
      const reading = new AbortController()
      const response = await get(`${origin}/stall`, { signal: reading.signal })
      const body = rejection(response.text())
      setTimeout(() => reading.abort(new Error('mine')), 20)
      const errors = [before, await pending, await body]
      return [errors.map(facts), errors[1] === waiting.signal.reason, errors[2] === reading.signal.reason]
    }
    const silent = simulate({ kind: 'no-answer', how: 'silence' }).fetch
    const stalled = simulate({ ...answer, end: 'stall' }).fetch
    const both: typeof fetch = (input, init) => (String(input).endsWith('stall') ? stalled : silent)(input, init)
    expect(await look(both)).toEqual(await look(fetch))
  })

  test('at the idle limits, which the real one is given in milliseconds', async () => {
    await fetch('data:,') // Loads the platform's client, so that its class can be had.
    const dispatcher = Reflect.get(globalThis, Symbol.for('undici.globalDispatcher.1'))
    const impatient = new dispatcher.constructor({ headersTimeout: 50, bodyTimeout: 50 })
    const real: typeof fetch = (input, init) => fetch(input, { ...init, dispatcher: impatient } as RequestInit)
    const look = async (headers: typeof fetch, body: typeof fetch, pass: () => Promise<void>) => {
      const silent = rejection(headers(`${origin}/silence`))
      const stalled = rejection((await body(`${origin}/stall`)).text())
      await pass()
      return [facts(await silent), facts(await stalled)]
    }
    const silence = simulate({ kind: 'no-answer', how: 'silence' })
    const stall = simulate({ ...answer, end: 'stall' })
    const pass = async () => {
      await silence.clock.pass(300_000)
      await stall.clock.pass(300_000)
    }
    const expected = await look(real, real, () => Promise.resolve())
    expect(await look(silence.fetch, stall.fetch, pass)).toEqual(expected)
    await impatient.destroy()
  })

  test('in a name that does not resolve', async () => {
    const name = 'https://nowhere.invalid/'
    const error = await rejection(simulate({ kind: 'no-answer', how: 'unresolved' }).fetch(name))
    // Without a resolver the real one says EAI_AGAIN; the form of the error is the same.
    expect(facts(error)).toEqual({
      name: 'TypeError',
      message: 'fetch failed',
      fields: [],
      cause: {
        name: 'Error',
        message: 'getaddrinfo ENOTFOUND nowhere.invalid',
        code: 'ENOTFOUND',
        syscall: 'getaddrinfo',
        hostname: 'nowhere.invalid',
        fields: [],
      },
    })
  })
})
