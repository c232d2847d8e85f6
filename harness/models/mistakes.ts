/**
 * What a model gets wrong in its own answer: one thing, as models are seen to. Pure; the same answer gives the same
 * mistake. Where the answer has nothing of that kind in it, it comes as it was: the very same value.
 */
import type { Mistake } from '../../faults/action.js'
import type { Json } from '../../faults/json.js'
import { isRecord } from '../contracts/checks.js'
import { type BrokenCall, type Conversation, type Reply, wholeBlocksOf } from '../contracts/conversation.js'
import type { ModelCall, ModelQuery } from '../contracts/provider.js'
import { type InputSchema, inputSchemaOf } from '../contracts/tools-described.js'
import { repeatedCallId, type ToolCall } from './call-id.js'

type Block = Reply['blocks'][number]
type Fields = Readonly<Record<string, Json>>

/** What a model was told, as far as its mistakes go by it. */
export type Prompt = Pick<ModelQuery, 'conversation' | 'tools'> & Pick<ModelCall, 'looseInputs'>

export function makeMistake(mistake: Mistake, reply: Reply, { conversation, tools, looseInputs }: Prompt): Reply {
  switch (mistake.kind) {
    case 'refusal':
      return {
        blocks: [{ kind: 'text', text: "I'm sorry, but I can't help with that." }],
        stop: 'refusal',
        gaveUp: true,
      }
    case 'empty':
      return reply.blocks.length === 0 ? reply : { blocks: [], stop: 'end-turn' }
    case 'step-forgotten':
      return callIn(reply) ? { blocks: [{ kind: 'text', text: 'All done.' }], stop: 'end-turn' } : reply
    case 'text-cut':
      return cutText(reply, mistake)
    case 'call-cut':
      return cutCall(reply, mistake)
    case 'malformed-input':
      return malform(reply, mistake.how, looseInputs)
    case 'call-twice':
      return withCall(reply, (call) => [call, { ...call, id: repeatedCallId(call.id, withReply(conversation, reply)) }])
    case 'unknown-tool':
      return withCall(reply, (call) => [{ ...call, name: unknownName(call.name, conversation) }])
    case 'invalid-input':
      return withInput(reply, (input, name) => invalidate(input, mistake.how, inputSchemaOf(tools, name)))
    case 'reworded':
      return withInput(reply, (input, name) => formsOf[mistake.how](input, inputSchemaOf(tools, name)))
    case 'other-entity':
      return withInput(reply, otherEntity)
  }
}

function callIn({ blocks }: Reply): ToolCall | undefined {
  return blocks.find((block): block is ToolCall => block.kind === 'tool-call')
}

/** The first call, by others. */
function withCall(reply: Reply, change: (call: ToolCall) => readonly Block[]): Reply {
  const call = callIn(reply)
  return call ? { ...reply, blocks: reply.blocks.flatMap((block) => (block === call ? change(call) : [block])) } : reply
}

/** The first call with another input; the very same reply where that is the same. */
function withInput(reply: Reply, change: (input: Fields, tool: string) => Json): Reply {
  const call = callIn(reply)
  if (!call || !isRecord(call.input)) return reply
  const input = change(call.input as Fields, call.name)
  return input === call.input ? reply : withCall(reply, () => [{ ...call, input }])
}

function withReply(conversation: Conversation, { blocks }: Reply): Conversation {
  return {
    ...conversation,
    messages: [...conversation.messages, { role: 'assistant', blocks: wholeBlocksOf({ blocks }) }],
  }
}

/** The first part of the text, and nothing behind it. */
function cutText({ blocks }: Reply, { at, stop }: Extract<Mistake, { kind: 'text-cut' }>): Reply {
  const text = blocks.find((block) => block.kind === 'text')?.text || 'I will now'
  // No API gives a text with nothing in it.
  const length = Math.max(1, Math.ceil(text.length * Math.min(at, 0.95)))
  return { blocks: [{ kind: 'text', text: text.slice(0, length) }], stop }
}

/** All up to its last call, and the first part of the input of that. */
function cutCall(reply: Reply, { at, stop }: Extract<Mistake, { kind: 'call-cut' }>): Reply {
  const last = reply.blocks.findLastIndex(({ kind }) => kind === 'tool-call')
  const call = reply.blocks[last]
  if (call?.kind !== 'tool-call') return reply
  return { blocks: [...reply.blocks.slice(0, last), breakCall(call, beginningOf(textOf(call.input), at))], stop }
}

/** The first call to one of the tools whose input may be no JSON. */
function malform(
  reply: Reply,
  how: Extract<Mistake, { kind: 'malformed-input' }>['how'],
  looseInputs: readonly string[] | undefined,
): Reply {
  const call = reply.blocks.find(
    (block): block is ToolCall => block.kind === 'tool-call' && (looseInputs?.includes(block.name) ?? true),
  )
  if (!call || !isRecord(call.input)) return reply
  const text = malformed[how](textOf(call.input))
  if (isJson(text)) return reply
  return { ...reply, blocks: reply.blocks.map((block) => (block === call ? breakCall(call, text) : block)) }
}

const malformed: Readonly<Record<Extract<Mistake, { kind: 'malformed-input' }>['how'], (text: string) => string>> = {
  half: (text) => beginningOf(text, 0.5),
  'single-quotes': (text) => text.replaceAll('"', "'"),
  twice: (text) => text + text,
}

function breakCall({ id, name, input }: ToolCall, text: string): BrokenCall {
  return { kind: 'broken-call', id, name, text, meant: input }
}

/** As it goes out; tools that take free text have it as it is. */
function textOf(input: Json): string {
  return typeof input === 'string' ? input : JSON.stringify(input)
}

/** Never all of it, and never half a character. */
function beginningOf(text: string, share: number): string {
  return text.slice(0, Math.min(Math.ceil(text.length * share), text.length - 1)).replace(/[\ud800-\udbff]$/, '')
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** A name that the model makes up: close to one that there is, and not on offer. */
function unknownName(name: string, { tools }: Conversation): string {
  const made = [`${name}_v2`, `default_api_${name}`]
  return made.find((each) => !tools.includes(each)) ?? `${made[0]}_${tools.length}`
}

/** A field that must be there is missing, or is of another type. */
function invalidate(input: Fields, how: 'missing' | 'type', { required }: InputSchema): Fields {
  const name = Object.keys(input).find((field) => required === undefined || required.includes(field))
  if (name === undefined) return input
  if (how === 'missing') return without(input, name)
  const value = input[name]
  return { ...input, [name]: typeof value === 'object' ? String(value) : { value: value ?? null } }
}

/** The same intent in another form. */
const formsOf: Readonly<
  Record<Extract<Mistake, { kind: 'reworded' }>['how'], (input: Fields, schema: InputSchema) => Fields>
> = {
  order: (input) => (Object.keys(input).length < 2 ? input : Object.fromEntries(Object.entries(input).toReversed())),
  number: (input) =>
    withFirst(input, (value) => (typeof value === 'number' && Number.isFinite(value) ? value.toFixed(2) : undefined)),
  case: (input) =>
    withFirst(input, (value) => {
      const other = typeof value === 'string' ? swapFirstCase(value) : value
      return other === value ? undefined : other
    }),
  space: (input) => withFirst(input, (value) => (typeof value === 'string' && value !== '' ? ` ${value}` : undefined)),
  'left-out': (input, { required }) => {
    const name = required && Object.keys(input).find((field) => !required.includes(field))
    return name === undefined ? input : without(input, name)
  },
}

/** Of the first letter: `Friday` and `friday` are one day. */
function swapFirstCase(text: string): string {
  return text.replace(/\p{L}/u, (letter) => {
    const upper = letter.toUpperCase()
    return letter === upper ? letter.toLowerCase() : upper
  })
}

/** What names a thing: the first number or text with a digit in it, or else the first text, is another one's. */
function otherEntity(input: Fields): Fields {
  const changed = withFirst(input, (value) => {
    if (typeof value === 'number') return value + 1
    return typeof value === 'string' && /\d/.test(value) ? nextNumberIn(value) : undefined
  })
  if (changed !== input) return changed
  return withFirst(input, (value) => (typeof value === 'string' && value !== '' ? `${value} 2` : undefined))
}

/** `order-42` is `order-43`. */
function nextNumberIn(text: string): string {
  return text.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10))
}

/** The first field for which there is another value. */
function withFirst(input: Fields, other: (value: Json) => Json | undefined): Fields {
  for (const [name, value] of Object.entries(input)) {
    const changed = other(value)
    if (changed !== undefined) return { ...input, [name]: changed }
  }
  return input
}

function without(input: Fields, name: string): Fields {
  return Object.fromEntries(Object.entries(input).filter(([field]) => field !== name))
}
