/** Clients on `node:http` and `node:https` in a trial, where time is virtual and no packet leaves the process. */
import http, * as httpNames from 'node:http'
import https, * as httpsNames from 'node:https'
import type { AddressInfo } from 'node:net'
import { urlToHttpOptions } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WireRequest } from '../../../../harness/contracts/provider.js'
import type { Delivery, Exchange, Settlement } from '../../../../harness/contracts/transport.js'
import { installStubs } from '../../../../harness/sandbox/ambient.js'
import type { VirtualClock } from '../../../../harness/sandbox/clock.js'
import { socket } from '../../../../harness/transports/socket/transport.js'
import { follow } from '../../../support/sandbox/trial.js'
import { ask } from '../../../support/transports/node-client.js'
import { open } from '../../../support/transports/opened.js'

const origin = 'https://api.example.com'

let uninstall = () => {}
beforeAll(() => {
  uninstall = installStubs()
})
afterAll(() => uninstall())

type AnswerDelivery = Extract<Delivery, { kind: 'answer' }>
const hello: AnswerDelivery = {
  kind: 'answer',
  status: 200,
  headers: { 'content-type': 'text/plain', 'content-length': '5' },
  chunks: [{ afterMs: 0, text: 'hello' }],
  end: 'close',
}

interface Scene {
  readonly delivery?: Delivery
  readonly afterMs?: number
  /** The endpoint answers later by itself. */
  readonly thinksMs?: number
  readonly origins?: readonly string[]
  readonly stray?: (method: string, url: string) => Error
}

/** What the endpoint of a trial saw. */
interface Seen {
  readonly clock: VirtualClock
  readonly requests: WireRequest[]
  readonly settled: string[]
  readonly stop: () => void
  frozen: boolean
}

/** Runs `agent` where every request to the origin gets the delivery; ends with what it resolved to. */
async function trial<T>(scene: Scene, agent: (seen: Seen) => Promise<T>) {
  const requests: WireRequest[] = []
  const settled: string[] = []
  const { delivery = hello, afterMs = 100, thinksMs = 0, origins = [origin], stray } = scene
  let stop = () => {}
  const followed = await follow(
    async (clock) => {
      const exchange: Exchange = {
        delivery,
        afterMs,
        settle: (how: Settlement) => settled.push(`${how}@${clock.now()}`),
      }
      const endpoint = (request: WireRequest) => {
        requests.push(request)
        return thinksMs > 0 ? clock.sleep(thinksMs).then(() => exchange) : exchange
      }
      const seen: Seen = { clock, requests, settled, stop: () => stop(), frozen: false }
      const client = {
        sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms, signal),
        get frozen() {
          return seen.frozen
        },
      }
      const isServed = (url: string) => origins.includes(new URL(url).origin)
      const hand = {
        endpoint: (url: string) => (isServed(url) ? endpoint : undefined),
        ...(stray && { refuse: stray }),
      }
      stop = open(socket, hand, client).stop
      return agent(seen)
    },
    stray ? { stray: (at) => stray('CONNECT', at) } : {},
  )
  stop()
  if (followed.error) throw followed.error
  return { ...followed, requests, settled }
}

const whole = ['answer 200', 'end hello']

describe('an answer', () => {
  test.each<[string, () => Promise<string[]>]>([
    ['https.request', () => ask(`${origin}/a`)],
    ['https.get', () => ask(`${origin}/a`, { via: https.get })],
    ['the named imports', () => ask(`${origin}/a`, { via: httpsNames.request })],
    ['a named get', () => ask(`${origin}/a`, { via: httpsNames.get })],
    ['an agent that keeps connections', () => ask(`${origin}/a`, { agent: new https.Agent({ keepAlive: true }) })],
    ['no agent', () => ask(`${origin}/a`, { agent: false })],
    [
      'ClientRequest',
      () =>
        ask(`${origin}/a`, {
          via: (url, options) =>
            new http.ClientRequest({ ...urlToHttpOptions(new URL(url)), ...options, agent: https.globalAgent }),
        }),
    ],
    ['a header that asks to keep the connection', () => ask(`${origin}/a`, { headers: { connection: 'keep-alive' } })],
  ])('reaches a client by way of %s, in its time', async (_name, send) => {
    const { answer, endedAtMs, settled } = await trial({}, send)
    expect([answer, endedAtMs, settled]).toEqual([whole, 100, ['delivered@100']])
  })

  test('reaches a client on http, at a port of its own', async () => {
    const other = 'http://hooks.example.com:8080'
    const { answer, requests } = await trial({ origins: [other] }, () =>
      ask(`${other}/x?y=z`, { via: httpNames.request }),
    )
    expect(answer).toEqual(whole)
    expect(requests[0]?.url).toBe(`${other}/x?y=z`)
  })

  test('reaches one client after another over the same agent', async () => {
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1 })
    const { answer, endedAtMs } = await trial({}, async () => [
      await ask(`${origin}/a`, { agent }),
      await ask(`${origin}/b`, { agent }),
    ])
    expect([answer, endedAtMs]).toEqual([[whole, whole], 200])
    agent.destroy()
  })

  test('reaches each of many clients at the same time', async () => {
    const { answer, endedAtMs, requests } = await trial({}, () =>
      Promise.all(['/1', '/2', '/3'].map((path) => ask(`${origin}${path}`))),
    )
    expect([answer, endedAtMs]).toEqual([[whole, whole, whole], 100])
    expect(requests.map(({ url }) => url.slice(-2))).toEqual(['/1', '/2', '/3'])
  })

  test.each([204, 304])('without a body has none (%i)', async (status) => {
    const delivery: Delivery = { kind: 'answer', status, headers: {}, chunks: [], end: 'close' }
    const { answer, settled } = await trial({ delivery }, () => ask(origin))
    expect([answer, settled]).toEqual([[`answer ${status}`, 'end'], ['delivered@100']])
  })

  test('to HEAD is its headers', async () => {
    const { answer } = await trial({ delivery: { ...hello, chunks: [] } }, () => ask(origin, { method: 'HEAD' }))
    expect(answer).toEqual(['answer 200', 'end'])
  })

  test.each([{}, { 'content-length': '10' }])('comes in pieces, each in its time, under %j', async (headers) => {
    const chunks = [0, 250].map((afterMs) => ({ afterMs, text: 'hello' }))
    const at: number[] = []
    const { answer, settled } = await trial({ delivery: { ...hello, headers, chunks } }, ({ clock }) =>
      ask(origin, {
        made: (request) => request.on('response', (response) => response.on('data', () => at.push(clock.now()))),
      }),
    )
    expect([answer, at, settled]).toEqual([['answer 200', 'end hellohello'], [100, 350], ['delivered@350']])
  })

  test('of very many pieces leaves no listener behind for each', async () => {
    const chunks = Array.from({ length: 50 }, () => ({ afterMs: 10, text: 'x' }))
    const warnings: Error[] = []
    const note = (warning: Error) => void warnings.push(warning)
    process.on('warning', note)
    const { answer } = await trial({ delivery: { ...hello, headers: {}, chunks } }, () => ask(origin))
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', note)
    expect([answer, warnings]).toEqual([['answer 200', `end ${'x'.repeat(50)}`], []])
  })

  test('is waited for where the endpoint takes its time', async () => {
    const { answer, endedAtMs } = await trial({ thinksMs: 400 }, () => ask(origin, { timeout: 600 }))
    expect([answer, endedAtMs]).toEqual([whole, 500])
  })

  test('brings its status, its headers and its characters', async () => {
    const headers = { 'x-request-id': 'r', 'retry-after': '-1' }
    const delivery: Delivery = { ...hello, status: 503, headers, chunks: [{ afterMs: 0, text: 'é🚚' }] }
    const { answer } = await trial({ delivery }, async () => {
      const got: unknown[] = []
      const text = await ask(origin, {
        made: (request) => request.on('response', ({ headers: { 'transfer-encoding': _, ...rest } }) => got.push(rest)),
      })
      return [...text, ...got]
    })
    expect(answer).toEqual(['answer 503', 'end é🚚', headers])
  })
})

describe('a request', () => {
  test('arrives as it was sent', async () => {
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': 'k', 'X-List': ['a', 'b'] }
    const { requests } = await trial({}, () =>
      ask(`${origin}/v1/x?y=z`, { method: 'PATCH', headers, body: '{"a":"é"}' }),
    )
    expect(requests[0]).toMatchObject({ method: 'PATCH', url: `${origin}/v1/x?y=z`, body: '{"a":"é"}' })
    expect(requests[0]?.header('idempotency-KEY')).toBe('k')
    expect(requests[0]?.headers()).toMatchObject({ 'x-list': 'a, b' })
    expect(requests[0]?.header('x-none')).toBeNull()
  })

  test.each([
    ['JSON that does not parse', '{', { 'content-type': 'application/json' }],
    ['text that could be hexadecimal', 'cafe', {}],
    ['nothing', '', { 'content-type': 'application/json' }],
  ])('with %s arrives all the same', async (_what, body, headers) => {
    const { answer, requests } = await trial({}, () => ask(origin, { method: 'POST', headers, body }))
    expect([answer, requests[0]?.body]).toEqual([whole, body])
  })

  test('that is written in parts, and late, arrives in one', async () => {
    const { answer, requests } = await trial({}, async () => {
      const written = ask(origin, {
        via: (url, options) => {
          const request = https.request(url, { ...options, method: 'POST' })
          const end = request.end.bind(request)
          request.end = () => {
            request.write('{"a":')
            setTimeout(() => end('1}'), 1_000)
            return request
          }
          return request
        },
      })
      return written
    })
    expect([answer, requests[0]?.body]).toEqual([whole, '{"a":1}'])
  })

  test('that is taken back before it left never arrives', async () => {
    const { answer, requests } = await trial({}, () => ask(origin, { made: (request) => request.destroy() }))
    expect([answer, requests]).toEqual([['error ECONNRESET, socket hang up'], []])
  })
})

describe('a failure', () => {
  test.each([
    ['reset', 'error ECONNRESET, read, -104, read ECONNRESET'],
    ['refused', 'error ECONNREFUSED, connect, -111, connect ECONNREFUSED ADDRESS'],
    ['unresolved', 'error ENOTFOUND, getaddrinfo, -3008, getaddrinfo ENOTFOUND api.example.com'],
  ] as const)('%s is the error of the system, in its time', async (how, text) => {
    const { answer, settled } = await trial({ delivery: { kind: 'no-answer', how } }, () => ask(origin))
    expect([answer, settled]).toEqual([[text], [`${how}@100`]])
  })

  test.each([
    ['reset', ['error ECONNRESET, read, -104, read ECONNRESET', 'aborted after hello']],
    ['close', ['aborted after hello']],
  ] as const)('in the body, by %s before its length is reached, aborts it', async (end, events) => {
    const headers = { 'content-length': '10' }
    const { answer, settled } = await trial({ delivery: { ...hello, headers, end } }, () => ask(origin))
    expect(answer).toEqual(['answer 200', ...events, "answer's error ECONNRESET, aborted"])
    expect(settled).toEqual(['reset@100'])
  })
})

describe('silence', () => {
  const silence: Delivery = { kind: 'no-answer', how: 'silence' }
  const gaveUp = ['timeout', 'error ECONNRESET, socket hang up']

  test.each<[string, Parameters<typeof ask>[1]]>([
    ['the option timeout', { timeout: 60_000 }],
    ['request.setTimeout', { patienceMs: 60_000 }],
    ["its agent's timeout", { agent: new https.Agent({ timeout: 60_000, keepAlive: true }) }],
    [
      'a timeout on its socket',
      {
        agent: false,
        made: (request) =>
          request.on('socket', (socket) =>
            socket.setTimeout(60_000, () => {
              request.emit('timeout')
            }),
          ),
      },
    ],
  ])('ends when the client gives up by %s, in virtual time', async (_name, options) => {
    const { answer, endedAtMs, settled } = await trial({ delivery: silence }, () => ask(origin, options))
    expect([answer, endedAtMs, settled]).toEqual([gaveUp, 60_000, ['gave-up@60000']])
  })

  test.each<[string, () => Promise<string[]>, string]>([
    [
      'AbortSignal.timeout',
      () => ask(origin, { signal: AbortSignal.timeout(500) }),
      'error ABORT_ERR, The operation was aborted',
    ],
    [
      'a timer of its own',
      () => ask(origin, { made: (request) => setTimeout(() => request.destroy(), 500) }),
      'error ECONNRESET, socket hang up',
    ],
  ])('ends when the client gives up by %s', async (_name, send, text) => {
    const { answer, endedAtMs, settled } = await trial({ delivery: silence }, send)
    expect(answer?.map((line) => line.replace(/ due to timeout$/, ''))).toEqual([text])
    expect([endedAtMs, settled]).toEqual([500, ['gave-up@500']])
  })

  test('is a deadlock to a client that has no patience to lose', async () => {
    const { end } = await trial({ delivery: silence }, () => ask(origin, { agent: false }))
    expect(end).toEqual({ kind: 'deadlock' })
  })

  test('in the body ends when the client gives up', async () => {
    const { answer, settled } = await trial({ delivery: { ...hello, headers: {}, end: 'stall' } }, () =>
      ask(origin, { timeout: 1_000 }),
    )
    expect(answer).toEqual(['answer 200', 'timeout', 'aborted after hello', "answer's error ECONNRESET, aborted"])
    expect(settled).toEqual(['gave-up@1100'])
  })

  test('while the endpoint thinks ends it for the client, and the endpoint learns of it', async () => {
    const { answer, settled } = await trial({ thinksMs: 5_000 }, async ({ clock }) => {
      const log = await ask(origin, { timeout: 1_000 })
      await clock.sleep(10_000)
      return log
    })
    expect([answer, settled]).toEqual([gaveUp, ['gave-up@5000']])
  })

  test('is broken by every piece of the body, so that a slow answer is no idle one', async () => {
    const chunks = [0, 800, 800].map((afterMs) => ({ afterMs, text: 'x' }))
    const { answer } = await trial({ delivery: { ...hello, headers: {}, chunks } }, () =>
      ask(origin, { timeout: 1_000 }),
    )
    expect(answer).toEqual(['answer 200', 'end xxx'])
  })
})

describe('a client whose process is gone', () => {
  test('gets nothing more, and nobody is told', async () => {
    const { answer, settled, requests } = await trial({}, async (seen) => {
      const waiting = ask(origin, { agent: false })
      await seen.clock.sleep(50)
      seen.frozen = true
      return Promise.race([waiting, seen.clock.sleep(5_000).then(() => 'nothing')])
    })
    expect([answer, settled, requests.length]).toEqual(['nothing', [], 1])
  })

  test('gets nothing more once the transport is taken away', async () => {
    const { answer, settled } = await trial({}, async ({ clock, stop }) => {
      const waiting = ask(origin, { agent: false })
      await clock.sleep(50)
      stop()
      stop()
      return Promise.race([waiting, clock.sleep(5_000).then(() => 'nothing')])
    })
    expect([answer, settled]).toEqual(['nothing', []])
  })
})

describe('everything else', () => {
  test('is refused where nobody answers it, and is told with its method and its path', async () => {
    const strays: string[] = []
    const stray = (method: string, url: string) => {
      strays.push(`${method} ${url}`)
      return Object.assign(new Error('refused'), { code: 'ENOTFOUND' })
    }
    const { answer } = await trial({ stray }, () =>
      ask('https://elsewhere.example.com/a?b=c', { method: 'PUT', body: 'x' }),
    )
    expect(answer).toEqual(['error ENOTFOUND, refused'])
    expect(strays).toEqual(['PUT https://elsewhere.example.com/a?b=c'])
  })

  test('goes to the guard of the network once the transport is taken away', async () => {
    const strays: string[] = []
    const stray = (method: string, url: string) => {
      strays.push(`${method} ${url}`)
      return new Error('guarded')
    }
    const { answer } = await trial({ stray }, async ({ stop }) => {
      await ask(origin)
      stop()
      return ask(origin)
    })
    expect(answer?.[0]).toMatch(/guarded$/)
    expect(strays).toEqual(['CONNECT https://api.example.com:443'])
  })

  test('is really connected on loopback', async () => {
    const server = http.createServer((request, response) => response.end(`real ${request.url}`))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { answer } = await trial({}, () => ask(`http://127.0.0.1:${port}/x`, { agent: new http.Agent() }))
    expect(answer).toEqual(['answer 200', 'end real /x'])
    await new Promise((resolve) => server.close(resolve))
  })

  test('is as it was when the trial is over, and only what makes requests is replaced while it lasts', async () => {
    const look = () => [
      ...[fetch, Headers, Request, Response, Headers.prototype.set, Headers.prototype.append],
      Reflect.get(http.Agent.prototype, 'addRequest'),
      ...[http.request, http.get, http.ClientRequest, https.request, https.get],
      ...[httpNames.request, httpNames.get, httpNames.ClientRequest, httpsNames.request, httpsNames.get],
    ]
    const before = look()
    let opened: unknown[] = []
    let during: unknown[] = []
    await trial({}, async () => {
      opened = look()
      const answer = await ask(origin)
      during = look()
      return answer
    })
    expect(look().map((value, index) => value === before[index])).toEqual(before.map(() => true))
    expect(opened.slice(0, 7).map((value, index) => value === before[index])).toEqual(Array(7).fill(true))
    expect(during.map((value, index) => value === opened[index])).toEqual(before.map(() => true))
  })

  test.each<[string, () => http.ClientRequest]>([
    ['options', () => https.request({ hostname: 'api.example.com', path: '/o', method: 'GET' })],
    ['a host with a port', () => https.request({ host: 'api.example.com', port: 443, path: '/o' })],
    ['a URL and options', () => https.request(new URL(`${origin}/other`), { path: '/o' })],
  ])('of the ways to say where, %s is understood', async (_name, make) => {
    const { answer, requests } = await trial({}, () => ask(origin, { via: make }))
    expect([answer, requests[0]?.url]).toEqual([whole, `${origin}/o`])
  })

  test('is told by the host that the client asked', async () => {
    const { requests } = await trial({}, () => ask(origin))
    expect(requests[0]?.header('host')).toBe('api.example.com')
  })

  test('repeats itself to the event', async () => {
    const run = () =>
      trial({}, () => Promise.all([ask(`${origin}/1`), ask(`${origin}/2`, { timeout: 50 }), ask(`${origin}/3`)]))
    const [first, second] = [await run(), await run()]
    expect([second.answer, second.settled]).toEqual([first.answer, first.settled])
  })
})
