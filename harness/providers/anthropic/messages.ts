/**
 * The `messages` of a request: each block into the provider-free form, consecutive messages of one role merged, and what
 * is malformed in itself refused. How calls and results go together is `pairing.ts`.
 */
import type { Json } from '../../../faults/json.js'
import type { Block, Message, Other } from '../../contracts/conversation.js'
import { invalid } from './error.js'

export type Fields = Readonly<Record<string, unknown>>

export interface History {
  readonly messages: readonly Message[]
  /** Of the messages that the request adds. */
  readonly characters: number
  /** Tools that `system` messages put on offer, and take off it. */
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** What these messages hold, as it stood. */
  readonly instructions: readonly Json[]
}

/** `before` is what a thread holds; the request's messages come after it. Throws `Refused`. */
export function readMessages(list: readonly unknown[], before: readonly Message[]): History {
  if (list.length === 0) throw invalid('messages: at least one message is required', 'empty-content')
  const reader = new MessagesReader(before)
  list.forEach((message, index) => {
    reader.read(message, index, index === list.length - 1)
  })
  return reader.history()
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The text of content that is a string or blocks, as `system` and tool results are. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((block) => (isFields(block) && typeof block.text === 'string' ? block.text : '')).join('\n')
}

function otherOf({ type: _type, ...content }: Fields, type: string): Other {
  return { kind: 'other', type, content: content as Json }
}

/** What is in the content of a tool result beside text. */
function othersIn(content: unknown): Other[] {
  if (!Array.isArray(content)) return []
  return content.flatMap((block) =>
    isFields(block) && typeof block.type === 'string' && typeof block.text !== 'string'
      ? [otherOf(block, block.type)]
      : [],
  )
}

/** An image costs about this much, however long its bytes are. */
const otherCharactersMax = 6400
const idPattern = /^[a-zA-Z0-9_-]+$/

/** What a message holds, free of the wire. */
interface Content {
  readonly message: Message
  readonly characters: number
}

/** Of messages that were read before, as they came out of the parser. A request repeats those of the one before it. */
const contents = new WeakMap<Fields, Content>()

class MessagesReader {
  readonly #messages: Message[]
  readonly #added: string[] = []
  readonly #removed: string[] = []
  readonly #instructions: Json[] = []
  #characters = 0

  constructor(before: readonly Message[]) {
    this.#messages = [...before]
  }

  history(): History {
    return {
      messages: this.#messages,
      characters: this.#characters,
      added: this.#added,
      removed: this.#removed,
      instructions: this.#instructions,
    }
  }

  read(message: unknown, index: number, isLast: boolean): void {
    const at = `messages.${index}`
    if (!isFields(message)) throw invalid(`${at}: Input should be a valid dictionary`)
    const { role } = message
    if (role === 'system') this.#changeTools(message.content)
    else if (role === 'user' || role === 'assistant') this.#add(message, role, at, isLast)
    else throw invalid(`${at}.role: Input should be 'user' or 'assistant'`)
  }

  #add(fields: Fields, role: Message['role'], at: string, isLast: boolean): void {
    if (this.#messages.length === 0 && role !== 'user') {
      throw invalid('messages: first message must use the "user" role', 'first-message-not-of-user')
    }
    const { message, characters } = contentOf(fields, role, at)
    const { blocks } = message
    if (blocks.length === 0 && !(isLast && role === 'assistant')) {
      throw invalid(
        `${at}: all messages must have non-empty content except for the optional final assistant message`,
        'empty-content',
      )
    }
    this.#characters += characters
    const last = this.#messages.at(-1)
    if (last?.role !== role) this.#messages.push(message)
    else this.#messages[this.#messages.length - 1] = { role, blocks: [...last.blocks, ...blocks] }
  }

  /** A `system` message among the others changes the tools on offer (`tool_addition`, `tool_removal`). */
  #changeTools(content: unknown): void {
    this.#characters += textOf(content).length
    this.#instructions.push((content ?? null) as Json)
    if (!Array.isArray(content)) return
    for (const block of content) {
      if (!isFields(block) || !isFields(block.tool)) continue
      const { name, definition } = block.tool
      const changed = isFields(definition) ? definition.name : name
      if (typeof changed !== 'string') continue
      if (block.type === 'tool_addition') this.#added.push(changed)
      if (block.type === 'tool_removal') this.#removed.push(changed)
    }
  }
}

function contentOf(fields: Fields, role: Message['role'], at: string): Content {
  const known = contents.get(fields)
  if (known) return known
  const reader = new BlocksReader()
  const content = { message: { role, blocks: reader.read(fields.content, at) }, characters: reader.characters }
  contents.set(fields, content)
  return content
}

/** Reads the blocks of one message. */
class BlocksReader {
  #characters = 0

  get characters(): number {
    return this.#characters
  }

  read(content: unknown, at: string): Block[] {
    if (content === undefined) throw invalid(`${at}.content: Field required`, 'missing-field')
    if (typeof content === 'string') return content === '' ? [] : [this.#text(content)]
    if (!Array.isArray(content)) throw invalid(`${at}.content: Input should be a valid list`)
    return content.map((block, index) => this.#block(block, `${at}.content.${index}`))
  }

  #block(block: unknown, at: string): Block {
    if (!isFields(block) || typeof block.type !== 'string') throw invalid(`${at}.type: Field required`, 'missing-field')
    switch (block.type) {
      case 'text':
        return this.#text(block.text, at)
      case 'tool_use':
        return this.#call(block, at)
      case 'tool_result':
        return this.#result(block, at)
      default:
        this.#characters += Math.min(JSON.stringify(block).length, otherCharactersMax)
        return otherOf(block, block.type)
    }
  }

  #text(text: unknown, at = 'messages'): Block {
    if (typeof text !== 'string') throw invalid(`${at}.text.text: Input should be a valid string`)
    if (text === '') throw invalid('messages: text content blocks must be non-empty', 'empty-content')
    if (text.trim() === '')
      throw invalid('messages: text content blocks must contain non-whitespace text', 'empty-content')
    this.#characters += text.length
    return { kind: 'text', text }
  }

  #call({ id, name, input }: Fields, at: string): Block {
    if (typeof id !== 'string') throw invalid(`${at}.tool_use.id: Field required`, 'missing-field')
    if (!idPattern.test(id)) throw invalid(`${at}.tool_use.id: String should match pattern '${idPattern.source}'`)
    if (typeof name !== 'string') throw invalid(`${at}.tool_use.name: Field required`, 'missing-field')
    if (!isFields(input)) throw invalid(`${at}.tool_use.input: Input should be a valid dictionary`)
    this.#characters += name.length + JSON.stringify(input).length
    // It came out of JSON.parse.
    return { kind: 'tool-call', id, name, input: input as Json }
  }

  #result({ tool_use_id: id, content, is_error: failed }: Fields, at: string): Block {
    if (typeof id !== 'string') throw invalid(`${at}.tool_result.tool_use_id: Field required`, 'missing-field')
    const text = textOf(content)
    this.#characters += text.length
    const others = othersIn(content)
    return { kind: 'tool-result', id, failed: failed === true, text, ...(others.length > 0 && { others }) }
  }
}
