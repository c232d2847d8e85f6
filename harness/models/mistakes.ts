/**
 * What a model gets wrong in its own answer: one thing, as models are seen to. Pure; the same answer gives the same
 * mistake. Where the answer has nothing of that kind in it, it comes as it was: the very same value.
 */
import type { Mistake } from '../../faults/action.js'
import type { Json } from '../../faults/json.js'
import { isRecord } from '../contracts/checks.js'
import type { Conversation, Reply } from '../contracts/conversation.js'
import { type InputSchema, inputSchemaOf } from '../contracts/tools-described.js'
import { repeatedCallId, type ToolCall } from './call-id.js'

type Block = Reply['blocks'][number]
type Fields = Readonly<Record<string, Json>>

/** `tools` are those on offer, as they were described on the wire. */
export function makeMistake(mistake: Mistake, reply: Reply, conversation: Conversation, tools: Json): Reply {
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
  return { ...conversation, messages: [...conversation.messages, { role: 'assistant', blocks }] }
}

/** The first part of the text, and nothing behind it. */
function cutText({ blocks }: Reply, { at, stop }: Extract<Mistake, { kind: 'text-cut' }>): Reply {
  const text = blocks.find((block) => block.kind === 'text')?.text || 'I will now'
  // No API gives a text with nothing in it.
  const length = Math.max(1, Math.ceil(text.length * Math.min(at, 0.95)))
  return { blocks: [{ kind: 'text', text: text.slice(0, length) }], stop }
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
