/**
 * The `messages` of a request, each by itself: into the provider-free form, and what is malformed in itself refused. How
 * calls and results go together is `pairing.ts`, what they make up is `conversation.ts`.
 */
import type { Json } from '../../../../faults/json.js'
import { type Anything, isRecord } from '../../../contracts/checks.js'
import type { Block, Message, Other } from '../../../contracts/conversation.js'
import { invalid } from '../error.js'
import { checkLength, emptyList, missing, parseArguments, requireText, wrongType, wrongValue } from '../fields.js'

const roles = ['system', 'assistant', 'user', 'function', 'tool', 'developer'] as const
type Role = (typeof roles)[number]

/** One message. */
export interface ReadMessage {
  readonly role: Role
  /** Free of the wire, as it is where none of the same side stands next to it. */
  readonly message: Message
  /** Ids of the calls in it. */
  readonly calls: readonly string[]
  /** The id of the call that it answers. */
  readonly answers: string | undefined
  readonly characters: number
}

/** Throws `Refused`. */
export function readMessages(list: unknown): readonly ReadMessage[] {
  if (list === undefined) throw missing('messages')
  if (!Array.isArray(list)) throw wrongType('messages', 'an array of objects', list)
  if (list.length === 0) throw emptyList('messages')
  return list.map((message: unknown, index) => {
    if (!isRecord(message)) throw wrongType(`messages[${index}]`, 'an object', message)
    const known = read.get(message)
    if (known) return known
    const fresh = new MessageReader(index).read(message)
    read.set(message, fresh)
    return fresh
  })
}

/** Of messages that were read before, as they came out of the parser. A request repeats those of the one before it. */
const read = new WeakMap<Anything, ReadMessage>()

/** An image costs about this much, however long its bytes are. */
const otherCharactersMax = 6400
const callIdMax = 40
const partTypes = ['text', 'image_url', 'input_audio', 'refusal', 'audio', 'file']

class MessageReader {
  readonly #at: string
  /** The same place, as the older checks of the API write it. */
  readonly #dotted: string
  #characters = 0

  constructor(index: number) {
    this.#at = `messages[${index}]`
    this.#dotted = `messages.[${index}]`
  }

  read(message: Anything): ReadMessage {
    const { role } = message
    if (role === undefined) throw missing(`${this.#at}.role`)
    if (!isRole(role)) throw wrongValue(`${this.#at}.role`, role, roles)
    const calls = role === 'assistant' ? this.#calls(message.tool_calls) : []
    const blocks = [...this.#content(message, role, calls.length > 0), ...calls]
    return {
      role,
      message: {
        role: role === 'assistant' ? role : 'user',
        blocks: isInstruction(role) ? [instruct(role, blocks)] : blocks,
      },
      calls: calls.map(({ id }) => id),
      answers: role === 'tool' ? this.#answeredId(message) : undefined,
      characters: this.#characters,
    }
  }

  #content(message: Anything, role: Role, hasCalls: boolean): Block[] {
    const { content, refusal } = message
    const blocks = this.#parts(content)
    if (role === 'tool') {
      return [{ kind: 'tool-result', id: this.#answeredId(message), failed: false, text: textIn(blocks) }]
    }
    if (role === 'assistant' && typeof refusal === 'string') return [...blocks, ...this.#text(refusal)]
    const replaced = role === 'assistant' && (hasCalls || isThere(message.function_call) || isThere(message.audio))
    if (!isThere(content) && !replaced) throw this.#noContent(content, role)
    return blocks
  }

  #noContent(content: unknown, role: Role): Error {
    if (role === 'developer' && content === undefined) return missing(`${this.#at}.content`)
    if (role === 'developer') return wrongType(`${this.#at}.content`, 'one of a string or array of objects', content)
    const message = "Invalid value for 'content': expected a string, got null."
    return invalid(message, { param: `${this.#dotted}.content`, reason: 'empty-content' })
  }

  #parts(content: unknown): Block[] {
    if (!isThere(content)) return []
    if (typeof content === 'string') return this.#text(content)
    const param = `${this.#at}.content`
    if (!Array.isArray(content)) throw wrongType(param, 'one of a string or array of objects', content)
    return content.flatMap((part: unknown, index) => this.#part(part, `${param}[${index}]`))
  }

  #part(part: unknown, param: string): Block[] {
    if (!isRecord(part)) throw wrongType(param, 'an object', part)
    const { type } = part
    if (type === undefined) throw missing(`${param}.type`)
    if (typeof type !== 'string' || !partTypes.includes(type)) throw wrongValue(`${param}.type`, type, partTypes)
    if (type === 'text') return this.#text(requireText(part, 'text', `${param}.text`))
    if (type === 'refusal') return this.#text(requireText(part, 'refusal', `${param}.refusal`))
    this.#characters += Math.min(JSON.stringify(part).length, otherCharactersMax)
    return [otherOf(part, type)]
  }

  #text(text: string): Block[] {
    this.#characters += text.length
    return text === '' ? [] : [{ kind: 'text', text }]
  }

  #calls(value: unknown): Extract<Block, { kind: 'tool-call' }>[] {
    if (!isThere(value)) return []
    const param = `${this.#at}.tool_calls`
    if (!Array.isArray(value)) throw wrongType(param, 'an array of objects', value)
    if (value.length === 0) throw emptyList(param, 'malformed')
    return value.map((call: unknown, index) => this.#call(call, `${param}[${index}]`))
  }

  #call(call: unknown, param: string): Extract<Block, { kind: 'tool-call' }> {
    if (!isRecord(call)) throw wrongType(param, 'an object', call)
    const id = requireText(call, 'id', `${param}.id`)
    checkLength(`${param}.id`, id, callIdMax)
    const type = requireText(call, 'type', `${param}.type`)
    if (type !== 'function' && type !== 'custom') throw wrongValue(`${param}.type`, type, ['function', 'custom'])
    const of = call[type]
    if (of === undefined) throw missing(`${param}.${type}`)
    if (!isRecord(of)) throw wrongType(`${param}.${type}`, 'an object', of)
    const name = requireText(of, 'name', `${param}.${type}.name`)
    const field = type === 'function' ? 'arguments' : 'input'
    const text = requireText(of, field, `${param}.${type}.${field}`)
    this.#characters += name.length + text.length
    return { kind: 'tool-call', id, name, input: type === 'function' ? parseArguments(text) : text }
  }

  #answeredId({ tool_call_id: id }: Anything): string {
    const param = `${this.#dotted}.tool_call_id`
    if (typeof id === 'string') {
      checkLength(`${this.#at}.tool_call_id`, id, callIdMax)
      return id
    }
    const message = "Missing parameter 'tool_call_id': messages with role 'tool' must have a 'tool_call_id'."
    throw invalid(message, { param, reason: 'missing-field' })
  }
}

export function isInstruction(role: Role): boolean {
  return role === 'system' || role === 'developer'
}

/** An instruction keeps its place among the others, and is not taken for words of the user's. */
function instruct(role: Role, blocks: readonly Block[]): Block {
  return { kind: 'other', type: role, content: textIn(blocks) }
}

function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value)
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null
}

function otherOf({ type: _type, ...content }: Anything, type: string): Other {
  return { kind: 'other', type, content: content as Json }
}

function textIn(blocks: readonly Block[]): string {
  return blocks.flatMap((block) => (block.kind === 'text' ? [block.text] : [])).join('\n')
}
