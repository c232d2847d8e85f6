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
