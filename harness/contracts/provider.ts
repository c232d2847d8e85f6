/**
 * The contract of a provider: one vendor's wire format. It reads requests as the real API would, refusals included, and
 * says what an answer, an error and a broken stream look like as bytes. It knows no transport.
 */
import type { FailureCode } from '../../faults/action.js'
import type { Json } from '../../faults/json.js'
import type { Conversation, Reply, Usage } from './conversation.js'
import type { Arrived, RefusalReason } from './failure.js'

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

/** What a request asks of a model, free of its wire. */
export interface ModelQuery {
  /** Which of the provider's interfaces is asked. */
  readonly api: string
  readonly conversation: Conversation
  readonly stream: boolean
  /** The tools as they are described. */
  readonly tools: Json
  /** All else that is asked for, as the vendor names it; nothing that names the conversation, or differs when it is sent again. */
  readonly settings: Json
}

/** A request that the real API would accept. */
export interface ModelCall extends ModelQuery {
  readonly kind: 'call'
  /** Tokens of the whole conversation, history kept by the endpoint included. */
  readonly inputTokens: number
}

/** A request that the real API would refuse, with its answer. */
export interface Refusal {
  readonly kind: 'refusal'
  readonly answer: WireAnswer
  readonly api: string
  readonly model: string
  readonly status: number
  readonly message: string
  readonly reason: RefusalReason
  /** Where it can be read all the same. */
  readonly query?: ModelQuery
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
  /** What a client can know of an answer to the call of which no more than these bytes came: the beginning, to any length. */
  arrived(call: ModelCall, bytes: string): Arrived
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
  /** Environment variables that let the vendor's client be made without a key, and that must not point elsewhere. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Whether a request is a model call of this provider. */
  accepts(method: string, url: string): boolean
  /** `memory` is what an earlier session's snapshot gave. */
  open(memory?: Json): ProviderSession
}
