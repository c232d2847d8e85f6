/**
 * One exchange over `node:http`: what an endpoint delivers, as a client on a socket gets it. The socket is nock's and has
 * nothing beneath it; connecting, going away and being reset are therefore played here, in virtual time.
 */
import type { ClientRequest } from 'node:http'
import net, { type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { never } from '../../contracts/crossing.js'
import type { WireRequest } from '../../contracts/provider.js'
import type { Delivery, Endpoint, Exchange, Settlement, Sleep } from '../../contracts/transport.js'
import { refusedError, reset, unresolvedError } from '../client-errors.js'
import { closeParsers } from './parsers.js'

/** Status, body and headers, as nock takes them from a reply function. */
export type NockReply = [status: number, body: string | Readable, headers: Record<string, string>]
type Answer = Extract<Delivery, { kind: 'answer' }>
type Loss = Exclude<Extract<Delivery, { kind: 'no-answer' }>['how'], 'silence'>

export interface Line {
  readonly client: ClientRequest
  readonly sleep: Sleep
  /** Has status and headers reach the client before any of the body, which nock would wait for. */
  sendHead(): void
  /** Connections that are open. */
  readonly open: Set<Socket>
  /** True once the client's process is gone or its trial is over: nothing more reaches it, and nobody is told. */
  readonly isCut: () => boolean
}

/** Asks `endpoint` and resolves to its answer when it is due; rejects with what Node's client fails with. */
export function exchangeOver(line: Line, endpoint: Endpoint, request: WireRequest): Promise<NockReply> {
  return new LiveExchange(line).run(endpoint, request)
}

class LiveExchange {
  readonly #line: Line
  readonly #socket: Socket | null
  readonly #gone = new AbortController()
  #exchange: Exchange | undefined
  #settled = false

  constructor(line: Line) {
    this.#line = line
    this.#socket = line.client.socket
    if (!this.#socket || this.#socket.destroyed) this.#gone.abort()
    else this.#stay(this.#socket)
  }

  #stay(socket: Socket): void {
    const { open } = this.#line
    open.add(socket)
    // There is nothing beneath to read: Node's own would wait for a connection anew with each chunk, and warn of a leak.
    Object.defineProperty(socket, '_read', { value: () => {}, configurable: true })
    socket.once('close', () => {
      open.delete(socket)
      closeParsers(socket)
      this.#leave()
    })
  }

  async run(endpoint: Endpoint, request: WireRequest): Promise<NockReply> {
    // Taken back before it left.
    if (this.#gone.signal.aborted) return never()
    const answering = endpoint(request)
    // A service that takes its time has taken the connection; one that cannot be reached says so at once.
    if (answering instanceof Promise) this.#connect()
    const exchange = await answering
    this.#exchange = exchange
    if (this.#gone.signal.aborted) return this.#giveUp()
    const { delivery, afterMs = 0 } = exchange
    const how = delivery.kind === 'answer' ? undefined : delivery.how
    if (how !== 'refused' && how !== 'unresolved') this.#connect()
    // `#leave` notices when the client has had enough of it.
    if (how === 'silence') return never()
    if (!(await this.#pass(afterMs))) return this.#giveUp()
    if (delivery.kind === 'answer') return this.#answer(delivery)
    throw this.#lose(how ?? 'reset', request.url)
  }

  #lose(how: Loss, url: string): unknown {
    this.#settle(how)
    return lostConnection(how, url)
  }

  #answer(answer: Answer): NockReply | Promise<never> {
    const headers = { ...answer.headers }
    if (answer.chunks.length === 0 && answer.end === 'close') {
      this.#settle('delivered')
      return [answer.status, '', headers]
    }
    if (!('content-length' in headers)) headers['transfer-encoding'] = 'chunked'
    return [answer.status, Readable.from(this.#body(answer), { objectMode: false }), headers]
  }

  async *#body({ chunks, end, headers }: Answer): AsyncGenerator<Buffer> {
    let missing = Number(headers['content-length'] ?? 0)
    if (chunks[0]?.afterMs !== 0) this.#line.sendHead()
    for (const { afterMs, text } of chunks) {
      if (!(await this.#pass(afterMs))) return this.#giveUp()
      const bytes = Buffer.from(text)
      missing -= bytes.length
      this.#restartTimeout()
      yield bytes
    }
    if (end === 'stall') return never()
    if (end === 'close' && missing <= 0) return this.#settle('delivered')
    // What came is in the client's hands before the connection goes away, cleanly or not.
    await turn()
    if (this.#line.isCut()) return never()
    this.#settle('reset')
    if (this.#socket) dropConnection(this.#socket, end === 'reset' ? systemError(reset()) : undefined)
    return never()
  }

  /** Whether the client is still there after `ms`. */
  async #pass(ms: number): Promise<boolean> {
    try {
      if (ms > 0) await this.#line.sleep(ms, this.#gone.signal)
    } catch (error) {
      if (!this.#gone.signal.aborted) throw error
    }
    if (this.#line.isCut()) return never()
    return !this.#gone.signal.aborted
  }

  /** What nock would be told of a client that is not there any more, it is not told. */
  #giveUp(): Promise<never> {
    this.#settle('gave-up')
    return never()
  }

  #leave(): void {
    this.#gone.abort()
    if (this.#exchange) this.#settle('gave-up')
  }

  #settle(how: Settlement): void {
    if (this.#settled || this.#line.isCut()) return
    this.#settled = true
    this.#exchange?.settle(how)
  }

  /**
   * nock connects when it answers; a client that counts its timeout from the connection on would wait for ever. The
   * method is the interceptors' own; where a later version has none, such a timeout counts from the answer on.
   */
  #connect(): void {
    const socket = this.#socket
    const connect: unknown = socket ? Reflect.get(socket, 'mockConnect') : undefined
    if (!socket?.connecting || typeof connect !== 'function') return
    connect.call(socket)
    Object.defineProperty(socket, 'mockConnect', { value: () => {}, configurable: true })
  }

  /** Bytes have come: an idle limit of the client's starts anew. */
  #restartTimeout(): void {
    const socket = this.#socket
    if (socket?.timeout) socket.setTimeout(socket.timeout)
  }
}

/** By way of Node's own method: nock's tells of the error twice. */
function dropConnection(socket: Socket, error: Error | undefined): void {
  net.Socket.prototype.destroy.call(socket, error)
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function lostConnection(how: Loss, url: string): Error | undefined {
  switch (how) {
    case 'reset':
      return systemError(reset())
    case 'refused':
      return systemError(refusedError(url))
    case 'unresolved':
      return systemError(unresolvedError(url))
  }
}

/** What undici gives as the cause of its own error is what `node:http` fails with. */
function systemError({ cause }: TypeError): Error | undefined {
  return cause instanceof Error ? cause : undefined
}
