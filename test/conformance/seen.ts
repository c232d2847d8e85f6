/** What a client sees of an exchange: of a contract's, and over a transport by whichever client that takes. */
import type { WireRequest } from '../../harness/contracts/provider.js'
import type { Carriage, Endpoint, Exchange, OpenTransport, Settlement } from '../../harness/contracts/transport.js'
import type { VirtualClock } from '../../harness/sandbox/clock.js'
import type { Question } from '../support/providers/questions.js'
import type { Way } from './ways.js'

export interface Seen {
  readonly status?: number
  readonly headAtMs?: number
  readonly retryAfter?: string
  /** What had come by each virtual time. */
  readonly body: Readonly<Record<number, string>>
  /** `waits`: it was never told of an end. */
  readonly end: 'whole' | 'waits' | Exclude<Settlement, 'delivered'>
  /** `null` where it still waits. */
  readonly atMs: number | null
}

export interface Ask {
  readonly url: string
  readonly question: Question
  readonly clock: VirtualClock
  /** After so many milliseconds it gives up; `null`: never. */
  readonly patienceMs: number | null
}

/** fetch's limit, which the contract has for every client that may wait for ever. */
const idleLimitMs = 300_000

/** What the client writes down as it goes; it can be read at any time. */
export class Notes {
  #seen: Seen = { body: {}, end: 'waits', atMs: null }
  readonly #clock: VirtualClock

  constructor(clock: VirtualClock) {
    this.#clock = clock
  }

  get seen(): Seen {
    return this.#seen
  }

  head(status: number, retryAfter: string | null | undefined): void {
    const headAtMs = this.#clock.now()
    this.#seen = { ...this.#seen, status, headAtMs, ...(typeof retryAfter === 'string' && { retryAfter }) }
  }

  /** What is left of a character when a body breaks off in it is no text: some decoders say nothing of it. */
  piece(given: string): void {
    const text = given.replaceAll('\ufffd', '')
    const now = this.#clock.now()
    if (text !== '')
      this.#seen = { ...this.#seen, body: { ...this.#seen.body, [now]: (this.#seen.body[now] ?? '') + text } }
  }

  end(end: Seen['end']): void {
    if (this.#seen.end === 'waits') this.#seen = { ...this.#seen, end, atMs: this.#clock.now() }
  }
}

/** By the contract: the exchange that the endpoint gives, with time and nothing else between. Settles it, too. */
export async function byContract({ url, question, clock, patienceMs }: Ask, endpoint: Endpoint, frozen: () => boolean) {
  const notes = new Notes(clock)
  const needs = new Set<Carriage>()
  const began = clock.now()
  const exchange = await endpoint(wireRequest(url, question))
  for (const need of needsOf(exchange, patienceMs)) needs.add(need)
  void play()
  return { notes, needs }

  async function play(): Promise<void> {
    const { delivery, afterMs = 0 } = exchange
    const lost = delivery.kind === 'no-answer' && delivery.how !== 'silence' ? delivery.how : undefined
    if (delivery.kind === 'no-answer' && !lost) return wait(began)
    if (!(await pass(afterMs))) return
    if (lost) return settle(lost)
    if (delivery.kind !== 'answer') return
    notes.head(delivery.status, delivery.headers['retry-after'])
    for (const chunk of delivery.chunks) {
      if (!(await pass(chunk.afterMs))) return
      notes.piece(chunk.encoding ? '' : chunk.text)
    }
    if (delivery.end === 'stall') return wait(clock.now())
    settle(delivery.end === 'reset' ? 'reset' : 'delivered')
  }

  /** Whether the client is still there. */
  async function pass(ms: number): Promise<boolean> {
    if (ms > 0) await clock.sleep(ms)
    return !frozen()
  }

  async function wait(fromMs: number): Promise<void> {
    if (await pass((patienceMs === null ? fromMs + idleLimitMs : began + patienceMs) - clock.now())) {
      settle(patienceMs === null ? 'idle' : 'gave-up')
    }
  }

  function settle(how: Settlement): void {
    notes.end(how === 'delivered' ? 'whole' : how)
    exchange.settle(how)
  }
}

function* needsOf({ delivery }: Exchange, patienceMs: number | null): Generator<Carriage> {
  if (delivery.kind === 'answer') {
    yield 'answer'
    if (delivery.chunks.some(({ afterMs }) => afterMs > 0)) yield 'paced-chunks'
    if (delivery.end === 'reset') yield 'body-reset'
    if (delivery.end === 'stall') yield 'body-stall'
  } else yield delivery.how
  if (patienceMs === null && (delivery.kind === 'answer' ? delivery.end === 'stall' : delivery.how === 'silence')) {
    yield 'idle-limit'
  }
}

function wireRequest(url: string, { headers, body }: Question): WireRequest {
  return { method: 'POST', url, body, header: (name) => headers[name.toLowerCase()] ?? null, headers: () => headers }
}

/** Over an open transport, by a client of its. */
export function over(opened: OpenTransport, way: Way, ask: Ask): Notes {
  const notes = new Notes(ask.clock)
  const patience = new AbortController()
  if (ask.patienceMs !== null) void ask.clock.sleep(ask.patienceMs).then(() => patience.abort(enough()))
  way.ask({ ...ask, opened, patience: patience.signal }, notes).catch((error: unknown) => notes.end(endBy(error)))
  return notes
}

const ends: Readonly<Record<string, Seen['end']>> = {
  ECONNRESET: 'reset',
  UND_ERR_SOCKET: 'reset',
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'unresolved',
  UND_ERR_HEADERS_TIMEOUT: 'idle',
  UND_ERR_BODY_TIMEOUT: 'idle',
  GAVE_UP: 'gave-up',
}

function endBy(error: unknown): Seen['end'] {
  const code = String((error as { code?: unknown }).code ?? (error as { cause?: { code?: unknown } }).cause?.code)
  const end = ends[code]
  if (!end) throw error
  return end
}

const enough = () => Object.assign(new Error('enough'), { code: 'GAVE_UP' })
