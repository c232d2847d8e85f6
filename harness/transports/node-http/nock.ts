/**
 * Clients on `node:http` and `node:https` by way of nock. What is asked by `request` never reaches a network. Each
 * reply is tied to the client that asked, by the asynchronous context in which its connection is made.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import http, { type ClientRequest } from 'node:http'
import type { Socket } from 'node:net'
import type { Interceptor, ReplyFnContext, Scope } from 'nock'
import { never } from '../../contracts/crossing.js'
import type { WireRequest } from '../../contracts/provider.js'
import type { ClientSide, NodeCall, Router } from '../../contracts/transport.js'
import { isTakenOver, keepAgentTimeout, type RequestAddress } from './calls.js'
import { exchangeOver, type NockReply } from './exchange.js'
import { activate, loadNock, type Mocked, type Nock } from './module.js'
import { abandon } from './parsers.js'

/** A client's request. It is there when a reply is asked for, for that takes a turn at the least. */
interface Asked {
  readonly session: NockSession
  readonly origin: string
  request?: ClientRequest
}

const asking = new AsyncLocalStorage<Asked>()

/** One at a time in a process, from the first request of a start of the agent on. The stubs must be in place. */
export class NockSession {
  readonly #router: Router
  readonly #client: ClientSide
  readonly #open = new Set<Socket>()
  readonly #mocked: Mocked
  readonly #interceptors: readonly Interceptor[]
  readonly #nock: Nock
  /** nock makes a request, by way of what it found where it stands: our own stubs. They are to let it pass. */
  making = false
  #over = false

  constructor(router: Router, client: ClientSide) {
    this.#router = router
    this.#client = client
    this.#nock = loadNock()
    this.#mocked = activate(this.#nock)
    const isOurs = () => asking.getStore()?.session === this
    this.#interceptors = register(this.#nock, isOurs, (request) => this.#reply(request))
  }

  request(call: NodeCall, { origin }: RequestAddress): ClientRequest {
    const asked: Asked = { session: this, origin }
    // Where the host process has put nock to work for itself, its nock may have the request already.
    const make = () => (isTakenOver(call) ? call.really() : this.#mocked.make(call, origin))
    const request = asking.run(asked, () => this.#letPass(make))
    asked.request = request
    keepAgentTimeout(call, request)
    return request
  }

  /** nock's own request, by which it plays an answer back. */
  playBack({ args }: NodeCall): ClientRequest {
    return this.#letPass(() => Reflect.construct(this.#mocked.ClientRequest, args))
  }

  #letPass<T>(make: () => T): T {
    this.making = true
    try {
      return make()
    } finally {
      this.making = false
    }
  }

  close(): void {
    if (this.#over) return
    this.#over = true
    for (const interceptor of this.#interceptors) this.#nock.removeInterceptor(interceptor)
    this.#mocked.stop()
    asking.disable()
    // Of processes that crashed, and of clients that would wait for ever.
    for (const socket of this.#open) abandon(socket)
  }

  #reply({ path, ...given }: Given): Promise<NockReply> {
    const { request: client, origin } = asking.getStore() ?? {}
    // Who asked has gone meanwhile, or its trial is over: nobody would catch an error, and nobody waits for an answer.
    if (!client || this.#isCut() || client.destroyed) return never()
    const url = `${origin}${path}`
    const destination = this.#router.route(given.method, url)
    if (destination.kind !== 'endpoint') return Promise.reject(this.#router.refuse(given.method, url))
    const line = {
      client,
      open: this.#open,
      sleep: this.#client.sleep,
      sendHead: () => sendHead(given.request),
      isCut: () => this.#isCut(),
    }
    return exchangeOver(line, destination.endpoint, wireRequest(given, url, client))
  }

  #isCut(): boolean {
    return this.#over || this.#client.frozen
  }
}

type NockRequest = Pick<ClientRequest, 'getHeaders'>

/** What nock gives to a reply function. */
interface Given {
  readonly request: NockRequest
  readonly method: string
  readonly path: string
}

/** Methods that a client can send through an interceptor; the platform's `Request`, which nock builds on, has no others. */
const methods = http.METHODS.filter((method) => method !== 'CONNECT' && method !== 'TRACE')

/** One scope for all hosts, which nock cannot be told beforehand: gateways are known by their paths. */
function register(nock: Nock, isOurs: () => boolean, reply: (given: Given) => Promise<NockReply>): Interceptor[] {
  const scope: Scope = nock('http://any.invalid', { filteringScope: isOurs }).persist()
  scope.on('request', leaveBodyAlone)
  return methods.map((method) => {
    const interceptor = scope.intercept(/^\//, method)
    interceptor.reply(function (this: ReplyFnContext, path: string) {
      return reply({ request: this.req, method, path })
    } as never)
    return interceptor
  })
}

/** nock parses what claims to be JSON, and what is none then throws where nobody can catch it. */
function leaveBodyAlone(request: { headers: Record<string, unknown> }): void {
  request.headers = { ...request.headers, 'content-type': undefined }
}

function wireRequest({ request, method }: Omit<Given, 'path'>, url: string, client: ClientRequest): WireRequest {
  // nock gives text as text and other bytes in hexadecimal, and does not say which; what it was given is beside it.
  const written = Reflect.get(request, 'requestBodyBuffers') as readonly Buffer[]
  // nock puts the host of its scope in place of the client's own.
  const sent = { ...request.getHeaders(), host: client.getHeader('host') ?? new URL(url).host }
  const headers = Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, textOf(value)]))
  return {
    method,
    url,
    body: Buffer.concat(written).toString(),
    header: (name) => headers[name.toLowerCase()] ?? null,
    headers: () => headers,
  }
}

/** nock hands on what its own answer tells of, nothing at all included; that is a write to the client, and the head is sent. */
function sendHead(request: NockRequest): void {
  const answer: unknown = Reflect.get(request, 'response')
  if (answer instanceof http.IncomingMessage) answer.emit('data', Buffer.alloc(0))
}

function textOf(value: number | string | readonly string[] | undefined): string {
  return typeof value === 'object' ? value.join(', ') : String(value)
}
