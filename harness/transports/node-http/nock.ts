/**
 * The transport for clients on `node:http` and `node:https` (axios, got, vendors' SDKs): requests to the given origins
 * reach their endpoints by way of nock, with no network between. Everything else goes where it would: loopback to its
 * real sockets, and other machines to the guard that refuses them.
 */
import http from 'node:http'
import type { Socket } from 'node:net'
import type { Interceptor, ReplyFnContext, Scope } from 'nock'
import { never } from '../../contracts/crossing.js'
import type { WireRequest } from '../../contracts/provider.js'
import type { Endpoint } from '../../contracts/transport.js'
import { Clients } from './clients.js'
import { exchangeOver, type Reply, type Sleep } from './exchange.js'
import { activate, loadNock, type Nock } from './module.js'
import { abandon } from './parsers.js'

export interface NockOptions {
  /** As `URL.origin` has them. */
  readonly origins: readonly string[]
  /** What answers a request to such an origin. */
  endpoint(url: string): Endpoint | undefined
  /** The process that asks, as it is when a request begins. */
  client(): ClientSide
}

/** The agent's own side of its connections, which ends with its process. */
export interface ClientSide {
  readonly sleep: Sleep
  /** True once that process crashed or the trial is over: it gets nothing more. */
  readonly frozen: boolean
}

/**
 * From now on requests to the origins are answered by the endpoint. Returns the undo, after which nothing more reaches
 * a client that still waits. To be called when the stubs are in place; one at a time in a process.
 */
export function nockTransport(options: NockOptions): () => void {
  if (options.origins.length === 0) return () => {}
  const nock = loadNock()
  const clients = new Clients()
  const session = { over: false }
  const open = new Set<Socket>()
  const deactivate = activate(nock)
  const unfollow = clients.follow()
  const interceptors = options.origins.flatMap((origin) => register(nock, origin, reply))
  return () => {
    if (session.over) return
    session.over = true
    for (const interceptor of interceptors) nock.removeInterceptor(interceptor)
    unfollow()
    deactivate()
    // Of processes that crashed, and of clients that would wait for ever.
    for (const socket of open) abandon(socket)
  }

  function reply(request: WireRequest): Promise<Reply> {
    const client = clients.current()
    const side = options.client()
    const endpoint = options.endpoint(request.url)
    // Who asked has gone meanwhile, or its trial is over: nobody would catch an error, and nobody waits for an answer.
    if (!client || !endpoint) return never()
    return exchangeOver({ client, open, sleep: side.sleep, cut: () => session.over || side.frozen }, endpoint, request)
  }
}

/** Methods that a client can send through an interceptor; the platform's `Request`, which nock builds on, has no others. */
const methods = http.METHODS.filter((method) => method !== 'CONNECT' && method !== 'TRACE')

function register(nock: Nock, origin: string, reply: (request: WireRequest) => Promise<Reply>): Interceptor[] {
  // `allowUnmocked`: an origin that a later trial does not declare goes the way of every other.
  const scope: Scope = nock(origin, { allowUnmocked: true }).persist()
  scope.on('request', leaveBodyAlone)
  return methods.map((method) => {
    const interceptor = scope.intercept(/^\//, method)
    interceptor.reply(function (this: ReplyFnContext, path: string) {
      return reply(wireRequest(this.req, method, `${origin}${path}`))
    } as never)
    return interceptor
  })
}

/** nock parses what claims to be JSON, and what is none then throws where nobody can catch it. */
function leaveBodyAlone(request: { headers: Record<string, unknown> }): void {
  request.headers = { ...request.headers, 'content-type': undefined }
}

type NockRequest = Pick<http.ClientRequest, 'getHeader' | 'getHeaders'>

function wireRequest(request: NockRequest, method: string, url: string): WireRequest {
  // nock gives text as text and other bytes in hexadecimal, and does not say which; what it was given is beside it.
  const written = Reflect.get(request, 'requestBodyBuffers') as readonly Buffer[]
  const headers = Object.fromEntries(Object.entries(request.getHeaders()).map(([name, value]) => [name, textOf(value)]))
  return {
    method,
    url,
    body: Buffer.concat(written).toString(),
    header: (name) => headers[name.toLowerCase()] ?? null,
    headers: () => headers,
  }
}

function textOf(value: number | string | readonly string[] | undefined): string {
  return typeof value === 'object' ? value.join(', ') : String(value)
}
