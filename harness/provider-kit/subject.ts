/** What the laws need to know of a provider beside itself: how the vendor's own client asks, and what is documented. */
import type { ModelFailureCode } from '../../faults/action.js'
import type { Conversation, Reply, Usage } from '../contracts/conversation.js'
import type { Provider } from '../contracts/provider.js'

/** What the vendor's client is to ask, and where. */
export interface ClientRequest {
  /** What the client is to use in place of the global one. */
  readonly fetch: typeof fetch
  readonly baseURL: string
  readonly apiKey: string
  /** What to ask. Ids of tool calls are of this wire. */
  readonly conversation: Conversation
  readonly stream: boolean
}

/** An answer, as the client gave it. */
export interface ClientReply {
  readonly blocks: Reply['blocks']
  /** Why it ended, in the vendor's words. */
  readonly stop: string
  readonly usage: Usage
}

/** How the vendor documents one failure: its HTTP status, and the error that the client throws. */
export interface DocumentedFailure {
  readonly status: number
  /** Whether this is the error that the vendor's client throws for it. */
  isSeen(error: unknown): boolean
}

/** One API of a provider, to be held to the laws. */
export interface Subject {
  readonly provider: Provider
  readonly api: string
  /** A model that the provider has a price for. */
  readonly model: string
  /** Whether the wire says of a tool's result that it is a failure. */
  readonly marksFailures: boolean
  /** Asks once, without retries, by the vendor's own client where there is one; rejects as that does. */
  ask(request: ClientRequest): Promise<ClientReply>
  /** What the vendor documents. */
  readonly failures: Readonly<Record<ModelFailureCode, DocumentedFailure>>
  /** Whether this is the error that the client throws for an error event in a stream. */
  isStreamError(error: unknown): boolean
}
