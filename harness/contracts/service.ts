/**
 * The contract of the real resources that a world can hold: HTTP services of other people's, and a directory of files.
 * `world/` makes them; a scenario is handed them.
 */

/** A request as a service's handler sees it. */
export interface ServiceRequest {
  /** In capitals. */
  readonly method: string
  /** Absolute, with its query. */
  readonly url: URL
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Text in UTF-8; of a body that is none, one character for each byte. Without its codings (`content-encoding`). */
  readonly body: string
  /** The same as bytes: for files, and for `new Response(bytes, { headers }).formData()`. */
  readonly bytes: Uint8Array
  /** The body, parsed by its content type: JSON or a form; otherwise the text itself, or the bytes of what is no text. */
  readonly data: unknown
}

/**
 * A handler's answer. `json` and `body` exclude each other; 200 where no status is given. Bytes are sent as they are: with a
 * `content-encoding` in the headers they are what it says.
 */
export interface ServiceAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly body?: string | Uint8Array
  /**
   * `false`: the service found the change already made, and this write, which succeeds, changed nothing: the second `PUT`
   * of the same document, the second `DELETE`. True by default for every write that succeeds.
   */
  readonly changed?: boolean
}

/**
 * Answers a request and changes the world's memory as the real service would. What it does is recorded in the ledger. An
 * effect is an unsafe request (not GET, HEAD, OPTIONS or TRACE) that is answered with a status below 400. It counts as
 * applied unless the answer says that it changed nothing.
 */
export type ServiceHandler = (request: ServiceRequest) => ServiceAnswer | Promise<ServiceAnswer>

/** In the trace, between the status and what the handler threw: one who reads it looks into the world, not the agent. */
export const handlerThrew = ', for its handler threw: '

/**
 * How a service treats the header `idempotency-key` on unsafe requests. Sources: the IETF draft idempotency-key-header,
 * and the published behaviour of Stripe's API, versions 1 and 2.
 */
export interface IdempotencyProfile {
  /** A request without a key is refused with 400. */
  readonly required: boolean
  /** The same key with another payload: refused with that status, or answered with the first result. */
  readonly onMismatch: { readonly kind: 'reject'; readonly status: number } | { readonly kind: 'replay' }
  /** The original is still in progress: the status that a second request gets. */
  readonly concurrentStatus: number
  /** Which failed results are given again for the same key, in place of doing the work once more. */
  readonly replayErrors: 'all' | 'server-errors' | 'none'
  /** Virtual milliseconds after which a key is forgotten and a request with it is a new one. */
  readonly ttlMs: number
  /** Whether a key is remembered per path, or across the whole service. */
  readonly scope: 'path' | 'service'
}

/** The idempotency profiles that ship, by name. */
export type IdempotencyProfileName = 'ietf' | 'stripe-v1' | 'stripe-v2'

/** How a simulated HTTP service behaves. Every part is optional. */
export interface ServiceOptions {
  /**
   * By name, as a whole, or in part over the IETF draft's. By default the service knows no such keys. Whoever says so, by
   * `none`, declares that the real one takes none: what the network alone delivers twice is then nobody's fault.
   */
  readonly idempotency?: IdempotencyProfileName | 'none' | Partial<IdempotencyProfile>
  /**
   * The side effect that an unsafe request is for, as the task would name it; `null` for a request that changes nothing.
   * By default its kind is the method and path, and its intent the body, so that two equal requests count as one intent:
   * name intents where both of two equal requests may be meant.
   */
  readonly intent?: (request: ServiceRequest) => { readonly kind: string; readonly intent: string | number } | null
  /** Virtual milliseconds that an answer takes when nothing is wrong; 100 by default. */
  readonly latencyMs?: number
}

/** Declares HTTP services of other people's, which the agent calls by any client. */
export interface HttpWorld {
  /**
   * Declares a service at an origin such as `https://api.stripe.com`. Every request to it, by whatever client, is a
   * crossing of `http:"METHOD host/path"`. Throws a `UserError` for what is no origin, is declared twice, or is this
   * machine's or a model provider's.
   */
  service(origin: string, handler: ServiceHandler, options?: ServiceOptions): void
}

/** One trial's directory on the real file system. Each write below it is a crossing of `file:PATH`, relative to it. */
export interface TrialFiles {
  /** Absolute; made when it is first asked for, empty, and removed after the trial. */
  readonly dir: string
  /** The text of a file below it; `undefined` where there is none. */
  read(path: string): string | undefined
  /** Paths of the files below it, sorted. */
  list(): readonly string[]
}
