/** A transport, and a client that it is for. One transport may serve many; each is tried at everything. */
import http from 'node:http'
import http2 from 'node:http2'
import { type Dispatcher, Client as UndiciClient } from 'undici'
import type { Carriage, OpenTransport, Transport } from '../../harness/contracts/transport.js'
import { real } from '../../harness/sandbox/real.js'
import { facts, Loopback } from '../../harness/transports/loopback/transport.js'
import { memory as memoryTransport } from '../../harness/transports/memory/fetch.js'
import { socket as socketTransport } from '../../harness/transports/socket/transport.js'
import { transports } from '../../harness/transports/transports.js'
import type { Ask, Notes } from './seen.js'

/** Asks, and notes what comes; what it rejects with is the client's own error. */
type Client = (
  ask: Ask & { readonly opened: OpenTransport; readonly patience: AbortSignal },
  notes: Notes,
) => Promise<void>

/** One that is ready to be opened, for one run. */
export interface Ready {
  readonly transport: Transport
  /** Where a client finds what is at an address. */
  addressOf(address: string): string
  stop(): Promise<void>
}

export interface Way {
  readonly name: string
  /** Which time passes, and what is refused for which reason. */
  readonly transport: Pick<Transport, 'clock' | 'cannot'>
  start(): Promise<Ready>
  readonly ask: Client
  /** What the transport, or this client of it, cannot carry; each with the reason. */
  readonly cannot: Readonly<Partial<Record<Carriage, string>>>
}

const byFetch: Client = async ({ url, question, opened, patience }, notes) => {
  const { path: _, ...rest } = question
  const response = await (opened.fetch ?? real.fetch)(url, { method: 'POST', ...rest, signal: patience })
  notes.head(response.status, response.headers.get('retry-after'))
  const decoder = new TextDecoder()
  for await (const bytes of response.body ?? []) notes.piece(decoder.decode(bytes, { stream: true }))
  notes.end('whole')
}

const byNode: Client = ({ url, question: { headers, body }, patience }, notes) =>
  new Promise((_, reject) => {
    const length = { 'content-length': Buffer.byteLength(body) }
    const sent = http.request(url, { method: 'POST', headers: { ...headers, ...length } })
    patience.addEventListener('abort', () => sent.destroy(patience.reason))
    sent.on('error', reject)
    sent.on('response', (response) => {
      notes.head(response.statusCode ?? 0, response.headers['retry-after'])
      response.setEncoding('utf8')
      response.on('data', (text: string) => notes.piece(text))
      response.on('end', () => notes.end('whole'))
      response.on('error', reject)
    })
    sent.end(body)
  })

const byUndici: Client = async ({ url, question: { headers, body }, patience }, notes) => {
  const { pathname, search } = new URL(url)
  const path = `${pathname}${search}`
  const client = new UndiciClient(new URL(url).origin)
  const asked: Dispatcher.RequestOptions = { path, method: 'POST', headers, body, signal: patience }
  const { statusCode, headers: got, body: pieces } = await client.request(asked)
  notes.head(statusCode, got['retry-after'] as string | undefined)
  const decoder = new TextDecoder()
  for await (const bytes of pieces) notes.piece(decoder.decode(bytes, { stream: true }))
  notes.end('whole')
}

const byHttp2: Client = ({ url, question: { path, headers, body }, patience }, notes) =>
  new Promise((_, reject) => {
    const session = http2.connect(new URL(url).origin)
    session.on('error', reject)
    patience.addEventListener('abort', () => session.destroy(patience.reason))
    const stream = session.request({ ...headers, ':method': 'POST', ':path': path })
    stream.on('error', reject)
    stream.on('response', (got) => notes.head(got[':status'] ?? 0, got['retry-after'] as string | undefined))
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => notes.piece(text))
    stream.on('end', () => {
      if (!stream.aborted) notes.end('whole')
    })
    stream.end(body)
  })

const noLimit = (client: string) => ({
  'idle-limit': `${client} has no limit of its own: it waits until its user gives up`,
})

/** That of a transport which is not named below. */
const fetchAlone = { client: 'fetch', ask: byFetch, cannot: {} }

const inSteps = { 'idle-limit': 'undici has the same limit, and counts it in steps of half a second' }

const clients: Readonly<Record<string, readonly (Pick<Way, 'ask' | 'cannot'> & { readonly client: string })[]>> = {
  socket: [
    { client: 'node:http', ask: byNode, cannot: noLimit('node:http') },
    { client: 'undici', ask: byUndici, cannot: inSteps },
    { client: 'node:http2', ask: byHttp2, cannot: noLimit('node:http2') },
  ],
  loopback: [
    { client: 'fetch', ask: byFetch, cannot: inSteps },
    { client: 'node:http', ask: byNode, cannot: noLimit('node:http') },
    { client: 'undici', ask: byUndici, cannot: inSteps },
  ],
}

/** A transport, and how it is made ready. */
export interface Startable {
  readonly name: string
  readonly transport: Way['transport']
  start(): Promise<Ready>
}

/** One that needs no more than to be opened. */
function atOnce(transport: Transport): Startable {
  const ready = { transport, addressOf: (address: string) => address, stop: async () => {} }
  return { name: transport.name, transport, start: async () => ready }
}

export const memory: Startable = atOnce(memoryTransport)
export const socket: Startable = atOnce(socketTransport)
export const loopback: Startable = {
  name: facts.name,
  transport: facts,
  start: async () => {
    const transport = await Loopback.start()
    return { transport, addressOf: (address) => transport.addressOf(address), stop: () => transport.stop() }
  },
}

export const ways: readonly Way[] = [...transports.map(atOnce), loopback].flatMap(({ name, transport, start }) =>
  (clients[name] ?? [fetchAlone]).map(({ client, ask, cannot }) => ({
    name: `${name}, ${client}`,
    transport,
    start,
    ask,
    cannot: { ...transport.cannot, ...cannot },
  })),
)
