/** One body against one service, over three ways to reach it: `fetch` in memory, `node:https` over nock, a real server. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ServiceHandler } from '../../../../harness/contracts/service.js'
import type { Delivery, Endpoint } from '../../../../harness/contracts/transport.js'
import { memoryFetch } from '../../../../harness/transports/memory/memory.js'
import { socket } from '../../../../harness/transports/socket/transport.js'
import { origin, ServiceWorld, type Treated } from '../../../support/boundaries/service-world.js'
import { ask } from '../../../support/transports/node-client.js'
import { open } from '../../../support/transports/opened.js'

interface Message {
  readonly method: string
  readonly body?: string
  readonly headers?: Record<string, string>
}
/** Sends a message to `path` of the service; `200 body`, a code, or `200, cut`. */
type Way = (world: ServiceWorld, path: string, message: Message) => Promise<string>

const endpointOf = (world: ServiceWorld): Endpoint => {
  const endpoint = world.services.endpoint(origin)
  if (!endpoint) throw new Error('no service is declared')
  return endpoint
}
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

const overMemory: Way = async (world, path, message) => {
  try {
    const response = await memoryFetch(endpointOf(world), sleep)(`${origin}${path}`, `${origin}${path}`, message)
    return await response.text().then(
      (text) => `${response.status} ${text}`.trim(),
      () => `${response.status}, cut`,
    )
  } catch (error) {
    return String((error as Error & { cause: { code: string } }).cause.code)
  }
}

const overNode = async (base: string, path: string, message: Message): Promise<string> => {
  const [first = '', ...rest] = await ask(`${base}${path}`, { ...message, agent: false })
  const status = first.replace('answer ', '')
  if (first.startsWith('error')) return first.split(/[ ,]+/)[1] ?? ''
  const end = rest.find((line) => line.startsWith('end'))
  return end === undefined ? `${status}, cut` : `${status} ${end.slice(4)}`.trim()
}

const overSocket: Way = async (world, path, message) => {
  const endpoint = (url: string) => (url.startsWith(origin) ? endpointOf(world) : undefined)
  const { stop } = open(socket, { endpoint }, { sleep, frozen: false })
  try {
    return await overNode(origin, path, message)
  } finally {
    stop()
  }
}

let server: Server
let serving: Endpoint
let loopback = ''
const overLoopback: Way = (world, path, message) => {
  serving = endpointOf(world)
  return overNode(loopback, path, message)
}

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const header = (name: string) => {
      const value = request.headers[name.toLowerCase()]
      return typeof value === 'string' ? value : null
    }
    const headers = () => request.headers as Readonly<Record<string, string>>
    const wire = { method: request.method ?? '', url: `${origin}${request.url}`, body, header, headers }
    const { delivery, settle } = await serving(wire)
    if (delivery.kind === 'no-answer') request.socket.resetAndDestroy()
    else write(delivery)
    settle('delivered')

    function write({ status, headers, chunks, end }: Extract<Delivery, { kind: 'answer' }>): void {
      response.writeHead(status, headers)
      for (const { text } of chunks) response.write(text)
      if (end === 'close') response.end()
      else setTimeout(() => request.socket.resetAndDestroy(), 20)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  loopback = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

const ways = { 'fetch in memory': overMemory, 'node:https in memory': overSocket, 'a real server': overLoopback }

const handler: ServiceHandler = ({ method, url, data, headers }) => {
  if (url.pathname === '/teapot') return { status: 418, body: 'short and stout' }
  if (url.pathname === '/nothing') return { status: 204 }
  return { json: { method, query: url.search, data, key: headers['idempotency-key'] ?? null } }
}

const form = { 'content-type': 'application/x-www-form-urlencoded', 'idempotency-key': 'k' }
const cases: readonly (readonly [string, Treated, string, Message])[] = [
  ['a question', {}, '/a?b=c', { method: 'GET' }],
  ['a form with a key', {}, '/pay', { method: 'POST', body: 'amount=1', headers: form }],
  ['a refusal', {}, '/teapot', { method: 'DELETE' }],
  ['an answer without a body', {}, '/nothing', { method: 'PUT', body: 'x' }],
  ['the headers alone', {}, '/a', { method: 'HEAD' }],
  ['a rejection', { ending: { kind: 'reject', code: 'unavailable', retryAfter: '3' } }, '/a', { method: 'POST' }],
  ['a reset', { ending: { kind: 'drop', when: 'after', symptom: 'reset', timeoutMs: 0 } }, '/a', { method: 'POST' }],
  ['a cut body', { ending: { kind: 'cut', at: 0.5, how: 'reset' } }, '/a', { method: 'POST' }],
]

describe('a client cannot tell, and the record does not say, by which way it came', () => {
  test.each(cases)('with %s', async (_name, treated, path, message) => {
    const results: Record<string, unknown> = {}
    for (const [name, way] of Object.entries(ways)) {
      const world = new ServiceWorld([treated]).declare(handler, { idempotency: 'stripe-v1', latencyMs: 0 })
      const got = await way(world, path, message)
      results[name] = { got, happenings: world.happenings }
    }
    const [expected] = Object.values(results)
    expect(results).toEqual(Object.fromEntries(Object.keys(ways).map((name) => [name, expected])))
  })
})
