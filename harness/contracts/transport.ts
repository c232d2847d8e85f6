/**
 * The contract of a transport: how an agent's HTTP client reaches the simulated endpoint. A delivery, which is a value,
 * comes back to it as what a real client would see. `test/conformance` holds every member to it.
 */
import type { Socket } from 'node:net'
import type { Body } from './body.js'
import type { WireRequest } from './provider.js'

export interface Chunk extends Body {
  /** Virtual milliseconds after the chunk before it (after the headers for the first). */
  readonly afterMs: number
}

/** A request with its body as it is without its codings: `body` is text, or, as `encoding` says, one character for each byte. */
export interface SentRequest extends WireRequest {
  readonly encoding?: Body['encoding']
}

/** How a body ends: closed as it should be, the connection reset, or nothing more for ever. */
export type BodyEnd = 'close' | 'reset' | 'stall'

export type Delivery =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly chunks: readonly Chunk[]
      readonly end: BodyEnd
    }
  | { readonly kind: 'no-answer'; readonly how: 'silence' | 'reset' | 'refused' | 'unresolved' }

/** How an exchange went, seen from the client. `gave-up`: its own timeout or abort; `idle`: the HTTP client's idle limit. */
export type Settlement = 'delivered' | 'reset' | 'gave-up' | 'idle' | 'refused' | 'unresolved'

export interface Exchange {
  readonly delivery: Delivery
  /**
   * Virtual milliseconds from the request until the delivery reaches the client: until the headers, or until it learns
   * that there are none. The transport lets them pass, so that an abort meanwhile ends the exchange at once. 0 by default.
   */
  readonly afterMs?: number
  /** The status says it all: the client knows how it went as soon as it has the head, whatever becomes of the body. */
  readonly isKnownByHead?: boolean
  /** Called once by the transport, when the client has all that it will get. `begun`: it had the head of an answer. */
  settle(how: Settlement, begun?: boolean): void
}

/** Answers one request, in virtual time; the endpoint behind every transport. */
export type Endpoint = (request: SentRequest) => Exchange | Promise<Exchange>

/** Where a request goes: to what answers it in the trial, to this machine's own network, or nowhere. */
export type Destination =
  | { readonly kind: 'endpoint'; readonly endpoint: Endpoint }
  | { readonly kind: 'real' }
  | { readonly kind: 'nowhere' }

/** One for all transports. */
export interface Router {
  route(method: string, url: string): Destination
  /** Puts a request that nobody answers on record; the error is what a client sees where no such host, or port, is. */
  refuse(method: string, url: string): Error
  /** The same for a connection that carries no request over HTTP. `origin` is where it goes. */
  refuseConnection(origin: string, by?: 'CONNECT' | 'DNS' | 'UDP'): Error
  /** Whether the scenario allows what is there. */
  isAllowed(url: string): boolean
  /** Whether something simulated may answer at an origin of this machine's own, because the user says so. */
  isNamed(origin: string): boolean
  /** Whether it has the form of a model call, of a simulated API or of another. */
  isModelCall(method: string, url: string): boolean
}

/** What is known of requests that nothing simulated answers; addresses come without a query. */
export interface Unrouted {
  /** Why nobody answers, what is simulated, and what to do. */
  why(address: string): string
  /** The same of a connection that carries no request over HTTP. */
  readonly whyNoRequest: string
  isModelCall(address: string): boolean
}

/** What an exchange may ask of a transport: every form of a delivery, and what ends a wait. A closed set. */
export const carriages = [
  'answer',
  'paced-chunks',
  'body-reset',
  'body-stall',
  'reset',
  'refused',
  'unresolved',
  'silence',
  'idle-limit',
] as const
/** `idle-limit`: the client itself ends a silence, and the exchange is settled as `idle`. */
export type Carriage = (typeof carriages)[number]

/** Rejects with the signal's reason when it is aborted meanwhile. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>

/** The agent's own side of its connections, which ends with its process. */
export interface ClientSide {
  readonly sleep: Sleep
  /** True once that process crashed or the trial is over: it gets nothing more. */
  readonly frozen: boolean
}

/** How requests reach what answers them. One more member is one more folder of `harness/transports/`. */
export interface Transport {
  readonly name: string
  /** Which time passes until an answer comes. */
  readonly clock: 'virtual' | 'real'
  /** What it cannot carry, each with the reason, for whoever is refused it. */
  readonly cannot: Readonly<Partial<Record<Carriage, string>>>
  /** For one start of the agent. What it costs is paid when a first request comes. */
  open(network: TransportNetwork): OpenTransport
}

/** The other end of a real connection, where it is a socket of this process: what virtual time asks of it. */
export interface LocalPeer {
  /** Nothing is sent to it from now on until it is released: once it has read so many bytes, it waits for time alone. */
  holdBack(sentBytes: number): void
  release(): void
  /** Resolves when it has read so many, or will read no more. */
  hasRead(sentBytes: number): Promise<void>
  onClosed(listener: () => void): void
  /** Ends it without a word to its owner, whose process is gone. */
  abandon(): void
}

export interface TransportNetwork {
  readonly router: Router
  readonly client: ClientSide
  /** The platform's own, for what the router leaves to this machine's network. */
  readonly realFetch: typeof globalThis.fetch
  /** By the port that it connected from. */
  peerFrom(port: number): LocalPeer | undefined
  /** In real time, for clients in other processes. */
  readonly realSleep: Sleep
  /** The trial cannot go on: the plan asks of the transport what it cannot carry. */
  misfit(why: string): void
}

/** What a transport gives to the clients of one start of the agent: whichever of these it has. */
export interface OpenTransport {
  readonly fetch?: typeof globalThis.fetch
  readonly connect?: TakeConnection
  /** After it nothing more reaches a client, and nobody hears of its exchanges. May be called again. */
  close(): void
}

/** Takes a connection in place of the system, which then hears nothing of it. Whether it did. */
export type TakeConnection = (wanted: WantedConnection) => boolean

/** What a client asks of a socket of `node:net` or `node:tls`. */
export interface WantedConnection {
  readonly socket: Socket
  /** A name, or an address without brackets. */
  readonly host: string
  readonly port: number
  /** The protocols that it offers to speak over TLS, the names being ALPN's; `undefined` where there is to be no TLS. */
  readonly offers: readonly string[] | undefined
  /** It has been connected since before the trial, and is about to ask by it. */
  readonly isConnected: boolean
}
