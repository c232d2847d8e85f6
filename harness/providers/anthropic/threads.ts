/**
 * Message threads: conversations that the endpoint holds between requests, under the ids of its own answers. Written
 * after what `@anthropic-ai/sdk` 1.12 sends and recovers from.
 */
import type { Json } from '../../../faults/json.js'
import type { Conversation, Message, Reply } from '../../contracts/conversation.js'
import { Refused } from '../refused.js'
import { invalid, type RequestError } from './error.js'
import { readableInput } from './inputs.js'
import type { MessagesRequest } from './messages-request.js'

/** What a conversation is so far, and what it counts for. */
export interface Kept {
  readonly conversation: Conversation
  /** Of the whole conversation, the last answer included. */
  readonly characters: number
  readonly definitions: Json
  readonly instructions: readonly Json[]
}

interface Entry extends Kept {
  /** The body of the request that went on from here. */
  continuedBy: string | undefined
}

/** One session's threads. */
export class Threads {
  readonly #entries: Map<string, Entry>

  constructor(memory: Json) {
    this.#entries = new Map(memory as unknown as [string, Entry][])
  }

  /** Plain data, for the constructor. */
  snapshot(): Json {
    return JSON.parse(JSON.stringify([...this.#entries])) as Json
  }

  /**
   * What the thread holds under `messageId`. A byte-equal request may continue it again, for clients retry. Refuses an
   * unknown id (404 `thread_not_found`) and a second, different continuation (400 `thread_already_continued`).
   */
  find(messageId: string, body: string): Kept {
    const entry = this.#entries.get(messageId)
    if (!entry) throw notFound(messageId)
    if (entry.continuedBy !== undefined && entry.continuedBy !== body) {
      const message = `thread: the Thread has already been continued from previous_message_id ${messageId}`
      throw invalid(message, 'thread-continued-already', 'thread_already_continued')
    }
    return entry
  }

  has(messageId: string): boolean {
    return this.#entries.has(messageId)
  }

  /** Holds the conversation, with its answer, under the answer's id. */
  keep(messageId: string, request: MessagesRequest, reply: Reply): void {
    const { conversation, characters, thread, body, tools, definitions, instructions } = request
    if (thread?.kind === 'continue') {
      const before = this.#entries.get(thread.previousMessageId)
      if (before) before.continuedBy = body
    }
    const answer = messageOf(reply)
    this.#entries.set(messageId, {
      conversation: { ...conversation, tools, messages: [...conversation.messages, answer] },
      characters: characters + charactersOf(answer),
      definitions,
      instructions,
      continuedBy: undefined,
    })
  }
}

/** The API keeps of a broken call what it could read. */
function messageOf({ blocks }: Reply): Message {
  return {
    role: 'assistant',
    blocks: blocks.map((block) =>
      block.kind === 'broken-call'
        ? { kind: 'tool-call', id: block.id, name: block.name, input: readableInput(block) }
        : block,
    ),
  }
}

function charactersOf({ blocks }: Message): number {
  let characters = 0
  for (const block of blocks) {
    if (block.kind === 'text') characters += block.text.length
    else if (block.kind === 'tool-call') characters += block.name.length + JSON.stringify(block.input).length
  }
  return characters
}

function notFound(messageId: string): Refused<RequestError> {
  const message = `thread: no Thread found for previous_message_id ${messageId}`
  return new Refused({
    status: 404,
    type: 'not_found_error',
    message,
    reason: 'unknown-thread',
    errorCode: 'thread_not_found',
  })
}
