/**
 * The `contents` of a request, one by one: each part free of the wire, and what is malformed in itself refused. How calls
 * and responses go together is `turns.ts`.
 */
import type { Json } from '../../../faults/json.js'
import { type Anything, isRecord } from '../../contracts/checks.js'
import type { Message, Other } from '../../contracts/conversation.js'
import { shortDigest } from '../../contracts/digest.js'
import { invalid, invalidField } from './error.js'
import { content as contentMessage, readMessage } from './fields.js'
import { checkEncoding } from './signatures.js'

/** A function call as the request has it; many models give it no id. */
export interface FunctionCall {
  readonly kind: 'call'
  readonly id: string | undefined
  readonly name: string
  readonly input: Json
  readonly signature: string | undefined
}

/** What a function gave, for a call that an id, a name or its place tells. */
export interface FunctionResponse {
  readonly kind: 'response'
  readonly id: string | undefined
  readonly name: string
  readonly failed: boolean
  readonly text: string
  readonly others: readonly Other[]
}

export type ContentPart = { readonly kind: 'text'; readonly text: string } | FunctionCall | FunctionResponse | Other

/** One of the contents. */
export interface Content {
  readonly role: Message['role']
  readonly parts: readonly ContentPart[]
  readonly characters: number
  /** Tells it from other contents. */
  readonly digest: string
}

/** Those that were read before, as they came out of the parser. A request repeats those of the one before it. */
const known = new WeakMap<object, Content>()

/** Throws `Refused`; `index` says where it stands. */
export function readContent(value: unknown, index: number): Content {
  const before = isRecord(value) ? known.get(value) : undefined
  if (before) return before
  const at = `contents[${index}]`
  const fields = readMessage(value, contentMessage, at)
  const role = roleOf(fields.role)
  const parts = (fields.parts ?? []) as readonly Anything[]
  if (parts.length === 0) throw invalidField(`${at}.parts`, 'contents.parts must not be empty.', 'empty-content')
  const reader = new PartsReader(role)
  const content = {
    role,
    parts: parts.flatMap((part, number) => reader.read(part, `${at}.parts[${number}]`)),
    characters: reader.characters,
    digest: shortDigest(JSON.stringify(value)),
  }
  if (isRecord(value)) known.set(value, content)
  return content
}

/** Text of a content that is an instruction. */
export function textIn(content: Anything | undefined): string {
  const parts = (content?.parts ?? []) as readonly Anything[]
  return parts.flatMap(({ text }) => (typeof text === 'string' ? [text] : [])).join('\n')
}

function roleOf(role: unknown): Message['role'] {
  if (role === 'model') return 'assistant'
  // The older name of who answers a function call.
  if (role === undefined || role === '' || role === 'user' || role === 'function') return 'user'
  throw invalid('Please use a valid role: user, model.')
}

/** An image costs about this much, however long its bytes are. */
const otherCharactersMax = 1032
const data = [
  'inlineData',
  'fileData',
  'executableCode',
  'codeExecutionResult',
  'toolCall',
  'toolResponse',
  'audioTranscription',
] as const

class PartsReader {
  readonly #role: Message['role']
  characters = 0

  constructor(role: Message['role']) {
    this.#role = role
  }

  read(part: Anything, at: string): ContentPart[] {
    const { functionCall, functionResponse, text, thought, thoughtSignature } = part
    const signature = typeof thoughtSignature === 'string' ? thoughtSignature : undefined
    if (signature !== undefined) checkEncoding(signature, at)
    if (functionCall !== undefined) return [this.#call(functionCall as Anything, signature, at)]
    if (functionResponse !== undefined) return [this.#response(functionResponse as Anything, at)]
    if (typeof text === 'string') return this.#text(text, thought === true, signature !== undefined, at)
    const type = data.find((name) => part[name] !== undefined)
    if (type === undefined) throw noData(at)
    const content = part[type] as Json
    this.characters += Math.min(JSON.stringify(content).length, otherCharactersMax)
    return [{ kind: 'other', type, content }]
  }

  /** Models end streams with an empty text, and clients hand it back. */
  #text(text: string, isThought: boolean, isSigned: boolean, at: string): ContentPart[] {
    if (text === '' && !isSigned && this.#role === 'user') throw noData(at)
    this.characters += text.length
    if (isThought) return [{ kind: 'other', type: 'thought', content: text }]
    return text === '' ? [] : [{ kind: 'text', text }]
  }

  #call({ id, name, args = {} }: Anything, signature: string | undefined, at: string): FunctionCall {
    const named = nameOf(name, `${at}.function_call`)
    this.characters += named.length + JSON.stringify(args).length
    return { kind: 'call', id: idOf(id), name: named, input: args as Json, signature }
  }

  #response({ id, name, response = {}, parts }: Anything, at: string): FunctionResponse {
    const named = nameOf(name, `${at}.function_response`)
    const { failed, text } = outcomeOf(response as Anything)
    this.characters += text.length
    const others = (Array.isArray(parts) ? parts : []).map(
      (content): Other => ({ kind: 'other', type: 'part', content: content as Json }),
    )
    return { kind: 'response', id: idOf(id), name: named, failed, text, others }
  }
}

/**
 * What a response says, by the documented keys: `output` holds what the function gave, `error` what went wrong. Without
 * either the whole of it is the output.
 */
function outcomeOf(response: Anything): { readonly failed: boolean; readonly text: string } {
  const { output, error } = response
  const failed = error !== undefined && error !== null && error !== false && error !== ''
  const said = failed ? error : output
  const only = said !== undefined && Object.keys(response).length === 1 ? said : response
  return { failed, text: typeof only === 'string' ? only : JSON.stringify(only) }
}

function nameOf(name: unknown, at: string): string {
  if (typeof name === 'string' && name !== '') return name
  throw invalidField(`${at}.name`, 'Name cannot be empty.', 'missing-field')
}

function idOf(id: unknown): string | undefined {
  return typeof id === 'string' && id !== '' ? id : undefined
}

function noData(at: string): Error {
  return invalidField(`${at}.data`, "required oneof field 'data' must have one initialized field", 'empty-content')
}
