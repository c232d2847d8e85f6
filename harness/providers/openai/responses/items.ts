/**
 * The items of a request's `input`, each by itself: into the provider-free form, and what is malformed in itself refused.
 * How they go together is `pairing.ts`, which of them the endpoint keeps is `store.ts`.
 */
import type { Json } from '../../../../faults/json.js'
import { type Anything, isRecord } from '../../../contracts/checks.js'
import type { Block, Message, Other } from '../../../contracts/conversation.js'
import { invalid } from '../error.js'
import { checkLength, missing, parseArguments, requireText, wrongType, wrongValue } from '../fields.js'

/** As it came out of the parser, or as an answer had it. */
export type Item = Readonly<Record<string, Json>>

/** One item. */
export interface ReadItem {
  readonly item: Item
  readonly type: string
  readonly id: string | undefined
  /** Free of the wire, as it is where none of the same side stands next to it; none for what the model never sees. */
  readonly message: Message
  /** Whether it instructs the model and says nothing to it. */
  readonly instructs: boolean
  /** The call that it is, or that it answers. */
  readonly call: string | undefined
  readonly characters: number
}

const types = [
  'message',
  'file_search_call',
  'computer_call',
  'computer_call_output',
  'web_search_call',
  'function_call',
  'function_call_output',
  'tool_search_call',
  'tool_search_output',
  'additional_tools',
  'configuration_update',
  'reasoning',
  'compaction',
  'compaction_trigger',
  'image_generation_call',
  'code_interpreter_call',
  'local_shell_call',
  'local_shell_call_output',
  'shell_call',
  'shell_call_output',
  'apply_patch_call',
  'apply_patch_call_output',
  'mcp_list_tools',
  'mcp_approval_request',
  'mcp_approval_response',
  'mcp_call',
  'custom_tool_call',
  'custom_tool_call_output',
  'item_reference',
  'program',
  'program_output',
]
const roles = ['assistant', 'system', 'developer', 'user'] as const
const partTypes = ['input_text', 'input_image', 'input_file', 'input_audio', 'output_text', 'refusal']
/** How ids of items begin, of those types whose ids the API looks at. */
const idPrefixes: Readonly<Record<string, string>> = {
  message: 'msg',
  function_call: 'fc',
  custom_tool_call: 'ctc',
  reasoning: 'rs',
}
const callIdMax = 64
/** An image costs about this much, however long its bytes are. */
const otherCharactersMax = 6400

/** Of items that were read before: a request repeats those of the one before it, and the endpoint keeps some. */
const known = new WeakMap<object, ReadItem>()

/** Throws `Refused`. `param` is where the item stands. */
export function readItem(item: unknown, param: string): ReadItem {
  if (!isRecord(item)) throw wrongType(param, 'an input item', item)
  const before = known.get(item)
  if (before) return before
  const fresh = new ItemReader(param).read(item)
  known.set(item, fresh)
  return fresh
}

/** A request's `input` that is one text. */
export function readText(text: string): ReadItem {
  return readItem({ type: 'message', role: 'user', content: text }, 'input')
}

class ItemReader {
  readonly #param: string
  #characters = 0

  constructor(param: string) {
    this.#param = param
  }

  read(item: Anything): ReadItem {
    const type = this.#typeOf(item)
    const id = this.#idOf(item, type)
    const { message, call, instructs = false } = this.#content(item, type)
    return { item: item as Item, type, id, message, instructs, call, characters: this.#characters }
  }

  /** Messages and references may leave it out. */
  #typeOf({ type, role, id }: Anything): string {
    if (type === undefined || type === null)
      return role === undefined && typeof id === 'string' ? 'item_reference' : 'message'
    if (typeof type !== 'string' || !types.includes(type)) throw wrongValue(this.#param, type, types)
    return type
  }

  #idOf({ id }: Anything, type: string): string | undefined {
    if (id === undefined || id === null) return undefined
    const param = `${this.#param}.id`
    if (typeof id !== 'string') throw wrongType(param, 'a string', id)
    checkLength(param, id, callIdMax)
    const prefix = idPrefixes[type]
    if (prefix !== undefined && !id.startsWith(prefix)) {
      const message = `Invalid '${param}': '${id}'. Expected an ID that begins with '${prefix}'.`
      throw invalid(message, { param, code: 'invalid_value' })
    }
    return id
  }

  #content(item: Anything, type: string): Pick<ReadItem, 'message'> & Partial<Pick<ReadItem, 'call' | 'instructs'>> {
    switch (type) {
      case 'message':
        return this.#message(item)
      case 'function_call':
        return this.#call(item, 'arguments', parseArguments)
      case 'custom_tool_call':
        return this.#call(item, 'input', (text) => text)
      case 'function_call_output':
      case 'custom_tool_call_output':
        return this.#output(item)
      case 'reasoning':
        if (!Array.isArray(item.summary)) throw missing(`${this.#param}.summary`)
        return { message: { role: 'assistant', blocks: [this.#other(item, type)] }, call: undefined }
      default:
        return {
          message: { role: /output|response/.test(type) ? 'user' : 'assistant', blocks: [this.#other(item, type)] },
          call: undefined,
        }
    }
  }

  #message(item: Anything): Pick<ReadItem, 'message' | 'instructs'> {
    const role = roles.find((known) => known === item.role)
    if (!role) throw wrongValue(this.#param, item.role, roles)
    if (item.content === undefined) throw missing(`${this.#param}.content`)
    const blocks = this.#parts(item.content, `${this.#param}.content`)
    if (role === 'user' || role === 'assistant') return { message: { role, blocks }, instructs: false }
    const instruction: Other = { kind: 'other', type: role, content: textIn(blocks) }
    return { message: { role: 'user', blocks: [instruction] }, instructs: true }
  }

  #parts(content: unknown, param: string): Block[] {
    if (typeof content === 'string') return this.#text(content)
    if (!Array.isArray(content)) throw wrongType(param, 'one of an array of objects or string', content)
    return content.flatMap((part: unknown, index) => this.#part(part, `${param}[${index}]`))
  }

  #part(part: unknown, param: string): Block[] {
    if (!isRecord(part)) throw wrongType(param, 'an object', part)
    const { type } = part
    if (typeof type !== 'string' || !partTypes.includes(type)) throw wrongValue(`${param}.type`, type, partTypes)
    if (type === 'refusal') return this.#text(requireText(part, 'refusal', `${param}.refusal`))
    if (type.endsWith('_text')) return this.#text(requireText(part, 'text', `${param}.text`))
    return [this.#other(part, type)]
  }

  #text(text: string): Block[] {
    this.#characters += text.length
    return text === '' ? [] : [{ kind: 'text', text }]
  }

  #call(item: Anything, field: string, read: (text: string) => Json): Pick<ReadItem, 'message' | 'call'> {
    const id = this.#callId(item)
    const own = requireText(item, 'name', `${this.#param}.name`)
    const text = requireText(item, field, `${this.#param}.${field}`)
    const name = typeof item.namespace === 'string' ? `${item.namespace}.${own}` : own
    this.#characters += name.length + text.length
    return { message: { role: 'assistant', blocks: [{ kind: 'tool-call', id, name, input: read(text) }] }, call: id }
  }

  #output(item: Anything): Pick<ReadItem, 'message' | 'call'> {
    const id = this.#callId(item)
    const param = `${this.#param}.output`
    if (item.output === undefined || item.output === null) throw missing(param)
    const blocks = this.#parts(item.output, param)
    const others = blocks.filter((block) => block.kind === 'other')
    const text = textIn(blocks)
    const result: Block = { kind: 'tool-result', id, failed: false, text, ...(others.length > 0 && { others }) }
    return { message: { role: 'user', blocks: [result] }, call: id }
  }

  #callId(item: Anything): string {
    const param = `${this.#param}.call_id`
    const id = requireText(item, 'call_id', param)
    checkLength(param, id, callIdMax)
    return id
  }

  #other({ type: _type, ...content }: Anything, type: string): Other {
    this.#characters += Math.min(JSON.stringify(content).length, otherCharactersMax)
    return { kind: 'other', type, content: content as Json }
  }
}

function textIn(blocks: readonly Block[]): string {
  return blocks.flatMap((block) => (block.kind === 'text' ? [block.text] : [])).join('\n')
}
