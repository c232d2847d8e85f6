/** The tools that a request offers, of both APIs: what they are called, and which take free text. */
import { type Anything, isRecord } from '../../contracts/checks.js'
import type { Reply } from '../../contracts/conversation.js'
import { invalid } from './error.js'
import { checkLength, emptyList, missing, requireText, wrongType } from './fields.js'

/** A call in a reply. */
export type AnyCall = Exclude<Reply['blocks'][number], { kind: 'text' }>

/** A tool as the model calls it. */
export interface Tool {
  readonly kind: 'function' | 'custom'
  /** On the wire; the model knows a tool of a namespace as `namespace.name`. */
  readonly name: string
  readonly namespace?: string
}

export interface Offer {
  /** By the names that the model knows. */
  readonly tools: ReadonlyMap<string, Tool>
  readonly characters: number
}

export const noTools: Offer = { tools: new Map(), characters: 0 }

/** `nested`: under the name of its kind, as Chat Completions have a tool. `flat`: as Responses have it. */
export type Shape = 'nested' | 'flat'

/** Of lists that were read before: the requests of a conversation share one. */
const offers: Readonly<Record<Shape, WeakMap<object, Offer>>> = { nested: new WeakMap(), flat: new WeakMap() }

/** The API takes two tools of one name; the later one counts. */
export function readTools(value: unknown, shape: Shape): Offer {
  if (!Array.isArray(value)) throw wrongType('tools', 'an array of objects', value)
  if (shape === 'nested' && value.length === 0) throw emptyList('tools')
  const known = offers[shape].get(value)
  if (known) return known
  const tools = new Map<string, Tool>()
  value.forEach((tool: unknown, index) => {
    for (const [name, read] of toolsIn(tool, `tools[${index}]`, shape)) tools.set(name, read)
  })
  const offer = { tools, characters: value.length === 0 ? 0 : JSON.stringify(value).length }
  offers[shape].set(value, offer)
  return offer
}

function toolsIn(tool: unknown, param: string, shape: Shape): readonly (readonly [string, Tool])[] {
  if (!isRecord(tool)) throw wrongType(param, 'an object', tool)
  const type = requireText(tool, 'type', `${param}.type`)
  if (type === 'namespace') return namespaceIn(tool, param)
  // Tools that the vendor runs itself are nothing that the agent is asked for.
  if (type !== 'function' && type !== 'custom') return []
  const at = shape === 'flat' ? param : `${param}.${type}`
  const definition = shape === 'flat' ? tool : tool[type]
  if (definition === undefined) throw missing(at)
  if (!isRecord(definition)) throw wrongType(at, 'an object', definition)
  const name = nameIn(definition, at)
  return [[name, { kind: type, name }]]
}

function namespaceIn(tool: Anything, param: string): readonly (readonly [string, Tool])[] {
  const namespace = nameIn(tool, param)
  const { tools } = tool
  if (!Array.isArray(tools)) throw wrongType(`${param}.tools`, 'an array of objects', tools)
  return tools.flatMap((one: unknown, index) =>
    toolsIn(one, `${param}.tools[${index}]`, 'flat').map(([, { kind, name }]) => {
      const of: Tool = { kind, name, namespace }
      return [`${namespace}.${name}`, of] as const
    }),
  )
}

const namePattern = /^[a-zA-Z0-9_-]+$/
const nameMax = 64

function nameIn(definition: Anything, at: string): string {
  const param = `${at}.name`
  const name = requireText(definition, 'name', param)
  checkLength(param, name, nameMax)
  if (!namePattern.test(name)) {
    const message = `Invalid '${param}': string does not match pattern. Expected a string that matches the pattern '${namePattern.source}'.`
    throw invalid(message, { param, code: 'invalid_value' })
  }
  return name
}

/** The names on offer this time: all, those that `tool_choice` allows, or none. */
export function namesAllowed({ tools }: Offer, choice: unknown): readonly string[] {
  const names = [...tools.keys()]
  if (choice === 'none') return []
  if (!isRecord(choice) || choice.type !== 'allowed_tools') return names
  const list = isRecord(choice.allowed_tools) ? choice.allowed_tools.tools : choice.tools
  if (!Array.isArray(list)) return names
  const allowed = new Set(list.map(nameOfChoice))
  return names.filter((name) => allowed.has(name))
}

/** How many tools one answer may call. */
export function callsMaxOf({ parallel_tool_calls: parallel }: Anything): number {
  return parallel === false ? 1 : Number.POSITIVE_INFINITY
}

function nameOfChoice(choice: unknown): unknown {
  if (!isRecord(choice)) return undefined
  const nested = [choice.function, choice.custom].find(isRecord)
  return (nested ?? choice).name
}

/** What a call of this wire carries: a custom tool's free text, or a function's arguments as the model wrote them, JSON or not. */
export function inputText(kind: Tool['kind'], call: AnyCall): string {
  if (call.kind === 'broken-call') return call.text
  const { input } = call
  return kind === 'custom' && typeof input === 'string' ? input : JSON.stringify(input)
}

/** The tools whose input is to be JSON, by the names that the model knows. */
export function functionsIn({ tools }: Offer): string[] {
  return [...tools].flatMap(([name, { kind }]) => (kind === 'function' ? [name] : []))
}
