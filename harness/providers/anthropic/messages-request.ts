/** A request as it was read. Apart from the reading of it, because message threads go by what was asked and not by how it is read. */
import type { Json } from '../../../faults/json.js'
import type { Conversation } from '../../contracts/conversation.js'
import type { Thinking } from './thinking.js'

/** What a request says of message threads. */
export type ThreadField =
  | { readonly kind: 'create' }
  | { readonly kind: 'continue'; readonly previousMessageId: string }

/** A request that the API would accept. */
export interface MessagesRequest {
  /** The whole conversation, what a thread held included; `tools` as this request may use them. */
  readonly conversation: Conversation
  readonly stream: boolean
  /** Of everything that the model reads: history, system, tools. */
  readonly characters: number
  /** The most tools that the answer may call. */
  readonly callsMax: number
  /** The tools whose input is streamed unchecked. */
  readonly unchecked: readonly string[]
  readonly body: string
  /** Its own messages, as they stand. */
  readonly sent: readonly unknown[]
  readonly thread: ThreadField | undefined
  /** All tools of the conversation, those included that `tool_choice` forbids this time. */
  readonly tools: readonly string[]
  /** The tools as they are described. */
  readonly definitions: Json
  /** What `system` messages among the others hold. */
  readonly instructions: readonly Json[]
  /** The other fields of the body, as they stand. */
  readonly settings: Readonly<Record<string, Json>>
  readonly thinking: Thinking
}

/** About four characters a token, as the vendor's own rule of thumb has it. */
export function inputTokensOf({ characters }: Pick<MessagesRequest, 'characters'>): number {
  return Math.ceil(characters / 4)
}
