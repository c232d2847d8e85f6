/**
 * The contract of a provider: one vendor's wire format. It reads requests as the real API would, refusals included, and
 * says what an answer, an error and a broken stream look like as bytes. It knows no transport.
 */
import type { FailureCode } from '../../faults/action.js'
import type { Json } from '../../faults/json.js'
import type { Conversation, Reply, Usage } from './conversation.js'

export interface WireRequest {
  readonly method: string
  readonly url: string
  header(name: string): string | null
  /** All of them, names in lower case. */
  headers(): Readonly<Record<string, string>>
  readonly body: string
}

/** An answer as bytes: one chunk for JSON, one for each event of a stream. */
export interface WireAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly chunks: readonly string[]
}

/** A request that the real API would accept. */
export interface ModelCall {
  readonly kind: 'call'
  readonly conversation: Conversation
  readonly stream: boolean
  /** Tokens of the whole conversation, history kept by the endpoint included. */
  readonly inputTokens: number
}

/** A request that the real API would refuse, with its answer. */
export interface Refusal {
  readonly kind: 'refusal'
  readonly answer: WireAnswer
  readonly model: string
  readonly status: number
  readonly message: string
}

/** One trial's endpoint of a provider; it may keep state such as message threads. */
export interface ProviderSession {
  read(request: WireRequest): ModelCall | Refusal
  write(call: ModelCall, reply: Reply, usage: Usage): WireAnswer
  /** An error answer. `retryAfter` goes into the header as it stands. */
  fail(code: FailureCode, details?: { retryAfter?: string | undefined; message?: string | undefined }): WireAnswer
  /** An error event inside a stream that began with a 200. */
  failInStream(code: FailureCode): string
  /** A keep-alive inside a stream. */
  ping(): string
  /** What the session remembers, as plain data for `open`. */
  snapshot(): Json
}

/**
 * Stands in every API key that a provider puts into the environment, so that one is recognised wherever it turns up,
 * whatever vendor's shape it has.
 */
export const simulatedKeyMark = 'agent-chaos-simulated-key'

export interface Provider {
  readonly name: string
  /** The origin that the vendor's SDK talks to by default. */
  readonly origin: string
  /** Environment variables that let the vendor's client be made without a key, and that must not change what it sends. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The environment variable that points the vendor's clients elsewhere, as to a gateway. What it names is honoured. */
  readonly baseUrlVariable: string
  /** What is simulated of the API, for messages: `POST /v1/messages`. */
  readonly calls: string
  /** Whether a request is a model call of this provider; `baseUrl` is what the variable says. */
  accepts(method: string, url: string, baseUrl: string | undefined): boolean
  /** The base URL of a client that sent a model call of this form to `url`, whoever answers there. */
  baseUrlOf(url: string): string | undefined
  /** `memory` is what an earlier session's snapshot gave. */
  open(memory?: Json): ProviderSession
}
