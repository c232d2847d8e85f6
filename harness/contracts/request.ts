/**
 * What was asked at a crossing, free of any wire: one shape for each boundary. Oracles, selectors of plans and reports
 * read these and nothing else, so that a new vendor or transport changes none of them.
 */
import type { Json } from '../../faults/json.js'
import type { Block, Message } from './conversation.js'
import type { Intent } from './intent.js'

/** What was asked at a crossing; `kind` says of which boundary. */
export type Request = ModelRequest | CallRequest | EffectRequest | HttpRequest | FileRequest

/** A part of a model's request: in full where it is not as it was at `since`, and always as a digest. */
export interface Part<T> {
  readonly digest: string
  readonly value?: T
}

/** What was asked of a model. */
export interface ModelRequest {
  readonly kind: 'model'
  /** The provider's name, and which of its interfaces was asked. */
  readonly provider: string
  readonly api: string
  readonly model: string
  readonly stream: boolean
  /** The crossing whose conversation this one goes on with; `null` where it begins anew, as it does in each attempt of the agent. */
  readonly since: number | null
  /** How many messages are those with which the conversation of `since` begins. */
  readonly before: number
  /**
   * All messages behind these: what is new, and always the last one, which may have been sent before. Of a request that
   * cannot be read as a conversation there are none.
   */
  readonly messages: readonly Message[]
  readonly system: Part<string>
  /** The tools on offer, as they were described. */
  readonly tools: Part<Json>
  /** All else that was asked for (a limit on tokens, a temperature, ...), as the vendor names it. */
  readonly settings: Part<Json>
  /** Of a request that cannot be read as a conversation: the whole of it, as JSON where it is JSON. */
  readonly unread?: Json
  /** The digest of the body as it was sent. */
  readonly wire: string
}

/** What a tool was called with. */
export interface CallRequest {
  readonly kind: 'call'
  /** The first alone where that is an object: context that frameworks add behind it is no part of what is asked. */
  readonly arguments: readonly Json[]
}

/** Which change in the world was asked for. */
export interface EffectRequest {
  readonly kind: 'effect'
  readonly effect: Intent
  /** The idempotency key. */
  readonly key: string | null
  readonly payload: Json
}

/** What was asked of an HTTP service. */
export interface HttpRequest {
  readonly kind: 'http'
  readonly method: string
  readonly url: string
  /** Those that say what is asked (`recordedHeaders`), with names in lower case; none that differs from client to client. */
  readonly headers: Readonly<Record<string, string>>
  /** By its content type: JSON and forms as data, anything else as text. */
  readonly body?: Json
  /** It changes nothing, whatever its method is: the service only works something out. */
  readonly changesNothing?: true
  /** Each character of the body is a byte, for it is no text. */
  readonly encoding?: 'latin1'
}

/** Headers of HTTP that say what is asked. Credentials are none of them. */
export const recordedHeaders = [
  'content-type',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'range',
] as const

/** What was to be done to a file. */
export interface FileRequest {
  readonly kind: 'file'
  /** In words: `write`, `append`, `write at 5`, `rename from a.tmp`. */
  readonly asked: string
  /** Relative to the trial's directory. */
  readonly path: string
  /** What is to be written, where bytes are; `text` where it is a short text. */
  readonly content?: { readonly bytes: number; readonly digest: string; readonly text?: string }
}

export type ToolResult = Extract<Block, { kind: 'tool-result' }>

/** The tool results that a request hands in: those of its last message. */
export function toolResultsOf(request: Request): ToolResult[] {
  const blocks = request.kind === 'model' ? (request.messages.at(-1)?.blocks ?? []) : []
  return blocks.filter((block): block is ToolResult => block.kind === 'tool-result')
}

/** The fields of what a tool was given, where that is a record. */
export function argumentFieldsOf(request: Request): Readonly<Record<string, Json>> | undefined {
  const first = request.kind === 'call' ? request.arguments[0] : undefined
  const isRecord = typeof first === 'object' && first !== null && !Array.isArray(first)
  return isRecord ? (first as Readonly<Record<string, Json>>) : undefined
}

/**
 * The whole conversation of a model's request, put together from what each request before it added. `requestAt` gives the
 * request of a crossing.
 */
export function conversationOf(
  request: ModelRequest,
  requestAt: (crossing: number) => Request | undefined,
): readonly Message[] {
  const parts: (readonly Message[])[] = []
  let at: ModelRequest | undefined = request
  let most = Number.POSITIVE_INFINITY
  while (at) {
    const { since, before, messages }: ModelRequest = at
    if (most > before) parts.push(messages.slice(0, most - before))
    most = Math.min(most, before)
    const earlier: Request | undefined = since === null || most === 0 ? undefined : requestAt(since)
    at = earlier?.kind === 'model' ? earlier : undefined
  }
  return parts.reverse().flat()
}
