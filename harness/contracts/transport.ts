/**
 * The contract of a transport: how an agent's HTTP client reaches the simulated endpoint, and how a delivery, a value,
 * comes back to it as what a real client would see.
 */
import type { WireRequest } from './provider.js'

export interface Chunk {
  /** Virtual milliseconds after the chunk before it (after the headers for the first). */
  readonly afterMs: number
  readonly text: string
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
  /** Called once by the transport, when the client has all that it will get. */
  settled(how: Settlement): void
}

/** Answers one request, in virtual time; the endpoint behind every transport. */
export type Endpoint = (request: WireRequest) => Exchange | Promise<Exchange>

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
  /** Whether it has the form of a model call, of a simulated API or of another. */
  isModelCall(method: string, url: string): boolean
}

/** What is known of requests that nothing simulated answers; addresses come without a query. */
export interface Unrouted {
  /** Why nobody answers, what is simulated, and what to do. */
  why(address: string): string
  isModelCall(address: string): boolean
}
