/**
 * The transport without a network: a `fetch` that hands each request to an endpoint in the same process. It gives the
 * delivery back as the platform's own client would, errors and idle limits included. Time is the given sleep and
 * nothing else.
 */
import { bytesOf } from '../../contracts/body.js'
import type { Delivery, Endpoint, Exchange, Settlement, Sleep } from '../../contracts/transport.js'
import {
  bodyUndecodable,
  headersTimedOut,
  idleLimitMs,
  refusedError,
  reset,
  unresolvedError,
} from '../client-errors.js'
import { bodyOf } from './body.js'
import { decodedChunks } from './decoding.js'
import { readRequest, signalOf } from './fetch-request.js'
import { isReadAsItIs, TextResponse } from './text-response.js'

type Answer = Extract<Delivery, { kind: 'answer' }>
type MemoryFetch = (url: string, input: Parameters<typeof fetch>[0], init?: RequestInit) => Promise<Response>
type AnswerBody = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>
type Init = Pick<Answer, 'status' | 'headers'>
type Loss = Exclude<Extract<Delivery, { kind: 'no-answer' }>['how'], 'silence'>

/**
 * `url` is the request's address, already read from `input`. Rejects with what undici rejects with; `settle` of each
 * exchange is called exactly once. An endpoint's own error is passed on.
 */
export function memoryFetch(endpoint: Endpoint, sleep: Sleep): MemoryFetch {
  return (url, input, init) => {
    const signal = signalOf(input, init)
    if (signal?.aborted) return Promise.reject(signal.reason)
    try {
      const request = readRequest(url, input, init)
      const exchange = request instanceof Promise ? request.then(endpoint) : endpoint(request)
      return new Promise((resolve, reject) => {
        const pending = new PendingExchange(url, signal, sleep, resolve, reject)
        if (exchange instanceof Promise) pending.await(exchange)
        else pending.take(exchange)
      })
    } catch (error) {
      return Promise.reject(error)
    }
  }
}

/** A request whose headers have not come yet: the first of delivery, abort and idle limit decides. */
class PendingExchange {
  readonly #url: string
  readonly #signal: AbortSignal | undefined
  readonly #sleep: Sleep
  readonly #resolve: (response: Response) => void
  readonly #reject: (error: unknown) => void
  #exchange: Exchange | undefined
  #listening = false
  /** How it ended for the client where it got no response. */
  #ended: Settlement | undefined
  /** Runs beside an endpoint that takes its own time. */
  #limit: AbortController | undefined

  constructor(
    url: string,
    signal: AbortSignal | undefined,
    sleep: Sleep,
    resolve: (response: Response) => void,
    reject: (error: unknown) => void,
  ) {
    this.#url = url
    this.#signal = signal
    this.#sleep = sleep
    this.#resolve = resolve
    this.#reject = reject
  }

  /** For an endpoint that answers later; it costs a timer of its own. */
  await(exchange: Promise<Exchange>): void {
    this.#listen()
    this.#limit = new AbortController()
    this.#after(idleLimitMs, this.#limit.signal, this.#idle)
    exchange.then((value) => this.take(value), this.#fail)
  }

  take(exchange: Exchange): void {
    this.#exchange = exchange
    const { delivery, afterMs = 0 } = exchange
    if (this.#ended) return void exchange.settle(this.#ended)
    if (afterMs <= 0 && !isSilence(delivery)) return void this.#deliver()
    this.#listen()
    if (isSilence(delivery) || afterMs > idleLimitMs) {
      if (!this.#limit) this.#after(idleLimitMs, this.#signal, this.#idle)
    } else {
      // A second listener on the signal would cost more than a timer that finds the exchange over.
      this.#after(afterMs, undefined, this.#deliver)
    }
  }

  readonly #deliver = (): void => {
    const exchange = this.#exchange
    if (!exchange) return
    const { delivery } = exchange
    if (delivery.kind === 'answer') this.#answer(delivery, exchange)
    else if (delivery.how !== 'silence') this.#end(delivery.how, lostConnection(delivery.how, this.#url))
  }

  #answer(answer: Answer, exchange: Exchange): void {
    this.#release()
    const { status, headers } = answer
    const chunks = decodedChunks(answer)
    const body = chunks instanceof Error ? failingBody(chunks) : this.#bodyOf({ ...answer, chunks })
    const response = responseOf(bodiless.has(status) ? null : body, this.#url, { status, headers })
    const isWhole = !(body instanceof ReadableStream) || bodiless.has(status) || chunks instanceof Error
    if (isWhole || exchange.isKnownByHead) this.#settle('delivered')
    // The bytes come whether anybody reads them or not, as over a real connection.
    else if (answer.end === 'reset' && chunks.every(({ afterMs }) => afterMs === 0)) this.#settle('reset')
    this.#resolve(response)
  }

  /** Text or bytes where it comes in one piece, which costs least. */
  #bodyOf(answer: Answer): AnswerBody {
    const { chunks, end } = answer
    const only = chunks.length === 1 ? chunks[0] : undefined
    if (end === 'close' && (chunks.length === 0 || only?.afterMs === 0)) {
      return only?.encoding ? new Uint8Array(bytesOf(only)) : (only?.text ?? '')
    }
    return bodyOf({ answer, sleep: this.#sleep, signal: this.#signal, settle: this.#settle })
  }

  /** Once the client has the head. */
  readonly #settle = (how: Settlement): void => {
    const exchange = this.#exchange
    this.#exchange = undefined
    exchange?.settle(how, true)
  }

  #listen(): void {
    if (this.#listening) return
    this.#listening = true
    this.#signal?.addEventListener('abort', this.#abort)
  }

  /** Stops listening and waiting. */
  #release(): void {
    if (this.#listening) this.#signal?.removeEventListener('abort', this.#abort)
    this.#limit?.abort(answered)
  }

  #after(ms: number, signal: AbortSignal | undefined, next: () => void): void {
    const unlessOver = () => {
      if (!this.#ended && !signal?.aborted) next()
    }
    const fail = (error: unknown) => {
      if (!signal?.aborted) this.#fail(error)
    }
    this.#sleep(ms, signal).then(unlessOver, fail)
  }

  readonly #abort = (): void => this.#end('gave-up', this.#signal?.reason)

  readonly #idle = (): void => this.#end('idle', headersTimedOut())

  #end(how: Settlement, error: unknown): void {
    this.#release()
    this.#ended = how
    this.#exchange?.settle(how)
    this.#reject(error)
  }

  /** The endpoint's own error, or the sleep's: no outcome of an exchange. */
  readonly #fail = (error: unknown): void => {
    this.#release()
    this.#reject(error)
  }
}

function responseOf(body: AnswerBody | null, url: string, init: Init): Response {
  if (typeof body === 'string' && init.headers['content-type'] !== undefined && isReadAsItIs(body)) {
    return new TextResponse(body, url, init)
  }
  return Object.defineProperty(new Response(body, init), 'url', { value: url })
}

function isSilence(delivery: Delivery): boolean {
  return delivery.kind === 'no-answer' && delivery.how === 'silence'
}

function lostConnection(how: Loss, url: string): TypeError {
  switch (how) {
    case 'reset':
      return reset()
    case 'refused':
      return refusedError(url)
    case 'unresolved':
      return unresolvedError(url)
  }
}

/** One that cannot be decoded. */
function failingBody(cause: Error): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (controller) => controller.error(bodyUndecodable(cause)) }, { highWaterMark: 0 })
}

/** Statuses whose answers have no body, by the Fetch standard. */
const bodiless = new Set([204, 205, 304])
const answered = 'the answer has come'
