/**
 * One connection that a client has made to an address. Its first bytes say what it speaks; Node's own servers read its
 * requests and write the answers, by HTTP/1.1 or HTTP/2. What is no HTTP is refused there and then.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import http2, { type Http2ServerResponse } from 'node:http2'
import type { Socket } from 'node:net'
import type { ClientSide, Router, Settlement, WantedConnection } from '../../contracts/transport.js'
import { connectionRefused, connectionReset, hostNotFound } from '../client-errors.js'
import { type Loss, serve, type WayBack } from '../serving/exchange.js'
import { bodyOf, type ServerRequest, wireRequest } from '../serving/request.js'
import { forward } from './local.js'
import { originOf } from './origin.js'
import { closeParser } from './parsers.js'
import { Wire } from './wire.js'

type Response = ServerResponse<IncomingMessage> | Http2ServerResponse

/** What the connections of one start of the agent share. */
export interface Party {
  readonly router: Router
  readonly client: ClientSide
  /** True once nothing more is to reach the client. */
  isCut(): boolean
  onClosed(line: Line): void
}

export class Line {
  readonly #wanted: WantedConnection
  readonly #party: Party
  readonly #wire: Wire
  readonly #origin: string
  readonly #gone = new AbortController()
  #said = false
  #asking = 0
  /** How the connection ended, where that was our doing. */
  #lost: Settlement | undefined
  /** Of whoever wrote last: what it asks is asked in it, over a connection that another one made. */
  #inContext = AsyncLocalStorage.snapshot()

  constructor(wanted: WantedConnection, party: Party) {
    this.#wanted = wanted
    this.#party = party
    this.#origin = originOf(wanted)
    const { host, port, offers, isConnected } = wanted
    this.#wire = new Wire(wanted.socket, {
      host,
      port,
      isConnected,
      protocol: offers ? (offers.find((one) => one === 'h2') ?? offers[0] ?? false) : false,
      onWrite: () => {
        this.#said = true
        this.#inContext = AsyncLocalStorage.snapshot()
      },
      onClose: (error) => this.#leave(error),
    })
    this.#listen()
    // One who says nothing before it is connected waits for that; who says it at once may yet be refused.
    setImmediate(() => {
      if (this.#said) return
      this.#wire.accept()
      setImmediate(() => this.#awaitWord())
    })
  }

  /** One that waits for the other side to begin waits for no server of HTTP. */
  #awaitWord(): void {
    const { socket } = this.#wanted
    if (this.#said || socket.destroyed || this.#party.isCut() || isOfHttpClient(socket)) return
    const unlessSaid = () => {
      if (!this.#said && !isOfHttpClient(socket)) this.#refuse()
    }
    this.#party.client.sleep(greetingMs, this.#gone.signal).then(unlessSaid, () => {})
  }

  /** The client hears nothing more, or, where it asks nothing at present, that the connection is closed. */
  close(): void {
    const { socket } = this.#wanted
    if (this.#asking === 0) return void socket.destroy()
    this.#wire.cut()
    closeParser(socket)
  }

  #answer(request: ServerRequest, response: Response): void {
    const { router, client } = this.#party
    const method = request.method ?? 'GET'
    // In full where a client takes this for a proxy.
    const url = /^https?:/.test(request.url ?? '') ? (request.url ?? '') : `${this.#origin}${request.url}`
    const inContext = this.#inContext
    const gone = this.#goneOf(response)
    this.#asking++
    response.once('close', () => this.#asking--)
    const destination = inContext(() => router.route(method, url))
    if (destination.kind === 'real' && request instanceof http.IncomingMessage) {
      return void forward(request, response as ServerResponse, url, (error) => this.#fail(error))
    }
    if (destination.kind !== 'endpoint') return void this.#fail(router.refuse(method, url))
    // A body that does not come at once waits for the connection, it may be.
    setImmediate(() => {
      if (!request.readableEnded) this.#wire.accept()
    })
    const caller = { sleep: client.sleep, gone, isCut: () => this.#party.isCut() }
    const back = this.#wayBack(url, request, response)
    bodyOf(request).then(
      (body) => {
        if (gone.aborted || caller.isCut()) return
        inContext(() => serve(destination.endpoint, wireRequest(request, url, body), caller, back))
      },
      // The client went away in the middle of it.
      () => {},
    )
  }

  /** By its first bytes, which are the client's: no server of HTTP speaks first. */
  #listen(): void {
    const { far } = this.#wire
    const answer = (request: ServerRequest, response: Response) => this.#answer(request, response)
    far.once('readable', () => {
      const first: Buffer | null = far.read()
      if (first === null) return
      far.unshift(first)
      const text = first.toString('latin1', 0, 24)
      if (text.startsWith('PRI * HTTP/2')) http2.createServer(answer).emit('connection', far)
      else if (/^[A-Z-]{1,20} /.test(text)) this.#overHttp1(answer)
      else this.#refuse()
    })
  }

  #overHttp1(answer: (request: IncomingMessage, response: ServerResponse) => void): void {
    http
      .createServer({ keepAliveTimeout: 0, maxHeaderSize: headerBytesMax }, answer)
      .on('connect', () => this.#refuse())
      .on('clientError', () => this.#refuse())
      .emit('connection', this.#wire.far)
  }

  #refuse(): void {
    this.#fail(this.#party.router.refuseConnection(this.#origin))
  }

  #goneOf(response: Response): AbortSignal {
    const gone = new AbortController()
    const leave = () => gone.abort(this.#gone.signal.reason ?? 'gave-up')
    response.once('close', leave)
    this.#gone.signal.addEventListener('abort', leave)
    return gone.signal
  }

  #leave(error: Error | null): void {
    this.#gone.abort(this.#lost ?? (isIdleLimit(error) ? 'idle' : 'gave-up'))
    this.#party.onClosed(this)
  }

  #fail(error: Error): void {
    if (!this.#party.isCut()) this.#wire.fail(error)
  }

  #wayBack(url: string, request: ServerRequest, response: Response): WayBack {
    const isHttp1 = request.httpVersionMajor === 1
    // Of what Node's server would add nothing is sent: the headers are those of the answer.
    response.sendDate = false
    if (isHttp1) response.removeHeader('connection')
    return {
      accept: () => this.#wire.accept(),
      head: ({ status, headers }, alone) => {
        ;(response as ServerResponse).writeHead(status, isHttp1 ? headers : withoutHops(headers))
        if (alone) (response as ServerResponse).flushHeaders()
      },
      piece: (bytes) => void (response as ServerResponse).write(bytes),
      end: () => void response.end(),
      arrived: async () => {
        for (let turn = 0; turn < turnsToArrive; turn++) await new Promise((resolve) => setImmediate(resolve))
      },
      lose: (how) => {
        this.#lost = 'reset'
        if (how === 'close') this.#wire.far.end()
        else this.#fail(lossOf(how, url))
      },
      fail: (error) => this.#fail(error instanceof Error ? error : new Error(String(error))),
    }
  }
}

/** Turns of the event loop that bytes take at most through a client's own streams. */
const turnsToArrive = 4

/** Virtual milliseconds in which whoever waits for nothing else has spoken. */
const greetingMs = 1_000

/** A request of `node:http` may be written late, and undici connects anew before it has one. */
function isOfHttpClient(socket: Socket): boolean {
  if (Reflect.get(socket, '_httpMessage') instanceof http.ClientRequest) return true
  return Object.getOwnPropertySymbols(socket).some(({ description }) => description === 'parser')
}

/** undici closes the connection with the error that it gives its user. */
function isIdleLimit(error: Error | null): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code
  return code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT'
}

function lossOf(how: Loss, url: string): Error {
  switch (how) {
    case 'reset':
      return connectionReset()
    case 'refused':
      return connectionRefused(url)
    case 'unresolved':
      return hostNotFound(url)
  }
}

/** A limit of the server's own that no client is to meet. */
const headerBytesMax = 1_048_576

/** What tells of one connection only; HTTP/2 forbids it (RFC 9113, section 8.2.2). */
const hops: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])

function withoutHops(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hops.has(name)))
}
