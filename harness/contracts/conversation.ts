/**
 * What passes between an agent and a model, free of any provider's wire format: providers translate to and from it, the
 * simulated model answers from it.
 */
import type { Json } from '../../faults/json.js'

/** One piece of a message: a text, a tool call, the result of one, or something else. */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | ({ readonly kind: 'tool-call' } & ToolUse)
  | {
      readonly kind: 'tool-result'
      readonly id: string
      readonly failed: boolean
      readonly text: string
      /** What is in it beside text. */
      readonly others?: readonly Other[]
    }
  | Other

/** Something that the simulated model neither reads nor writes (an image, a thinking block, ...), as the vendor has it. */
export interface Other {
  readonly kind: 'other'
  readonly type: string
  readonly content?: Json
}

/** A call of a tool, as the model asks for it. */
export interface ToolUse {
  readonly id: string
  readonly name: string
  readonly input: Json
}

/**
 * A call whose input is no JSON: the answer ended in the middle of it, or the model wrote it wrong. It asks for nothing that
 * may be run.
 */
export interface BrokenCall {
  readonly kind: 'broken-call'
  readonly id: string
  readonly name: string
  /** What there is of the input. */
  readonly text: string
  /** The input that the model had in mind. */
  readonly meant: Json
}

/** One message of a conversation. */
export interface Message {
  readonly role: 'user' | 'assistant'
  readonly blocks: readonly Block[]
}

/** All that a model is told when it is asked: its name, the system prompt, the messages and the tools. */
export interface Conversation {
  readonly model: string
  readonly system: string
  readonly messages: readonly Message[]
  /** The names of the tools on offer. */
  readonly tools: readonly string[]
}

export const stopReasons = ['end-turn', 'tool-use', 'max-tokens', 'context-full', 'refusal'] as const
/** Why the model ended its answer. */
export type StopReason = (typeof stopReasons)[number]

/** One answer of the model. Ids of tool calls are the model's own; they are unique in a conversation. */
export interface Reply {
  readonly blocks: readonly (Extract<Block, { kind: 'text' | 'tool-call' }> | BrokenCall)[]
  readonly stop: StopReason
  /** The model says that it could not do the task; an agent that passes this on reports a failure. */
  readonly gaveUp?: boolean
  /** Where it is to go out under ids of a vendor's, as it did when it was recorded; each but once in a trial. */
  readonly ids?: ReplyIds
}

/** Ids as a vendor gave them. */
export interface ReplyIds {
  /** By which the answer is gone on from, where the vendor keeps it. */
  readonly answer?: string
  /** Of calls, by the model's own. */
  readonly calls?: Readonly<Record<string, string>>
}

/** All of a reply but the calls that are broken. */
export function wholeBlocksOf({ blocks }: Pick<Reply, 'blocks'>): Exclude<Reply['blocks'][number], BrokenCall>[] {
  return blocks.flatMap((block) => (block.kind === 'broken-call' ? [] : [block]))
}

/** Tokens that a model call is charged for. */
export interface Usage {
  readonly inputTokens: number
  readonly outputTokens: number
  /** Of what went in, what the endpoint had read before. */
  readonly cachedInputTokens?: number
  /** Of what came out, what the model only thought. */
  readonly reasoningTokens?: number
}
