/**
 * Whether what is asked now is what was recorded, and the first field that differs where it is not. What changes from run to
 * run counts as equal: times, UUIDs, ids of calls, and whatever was redacted. Apart, because models and services are matched by it.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Json } from '../../faults/json.js'
import { isRecord } from './checks.js'
import type { Block, Conversation, Message } from './conversation.js'
import { quote } from './recorded-text.js'
import { redacted } from './secret-forms.js'
import { withoutTimes } from './times-in-text.js'

/** The first field that differs. */
export interface FieldDifference {
  readonly path: string
  /** `undefined` where there is none. */
  readonly recorded: Json | undefined
  readonly got: Json | undefined
}

/** `undefined` where both are the same. Of objects the order of the fields does not count. */
export function differenceOf(
  recorded: Json | undefined,
  got: Json | undefined,
  path = '',
): FieldDifference | undefined {
  if (typeof recorded === 'string' && typeof got === 'string') {
    return isSameText(recorded, got) ? undefined : { path, recorded, got }
  }
  if (Array.isArray(recorded) && Array.isArray(got)) {
    const indices = Array.from({ length: Math.max(recorded.length, got.length) }, (_, index) => index)
    return firstOf(indices, (index) => differenceOf(recorded[index], got[index], `${path}[${index}]`))
  }
  if (isRecord(recorded) && isRecord(got)) {
    const names = [...new Set([...Object.keys(recorded), ...Object.keys(got)])]
    return firstOf(names, (name) => differenceOf(recorded[name], got[name], path === '' ? name : `${path}.${name}`))
  }
  const isSame = recorded === got || (isNumber(recorded) && isNumber(got) && isSameText(`${recorded}`, `${got}`))
  return isSame ? undefined : { path, recorded, got }
}

/**
 * Of those that count as equal, those that are it to the letter where there are any: two orders may differ in their UUIDs
 * alone.
 */
export function likest<T>(likes: readonly T[], plain: (like: T) => Json, got: Json): readonly T[] {
  const exact = likes.filter((like) => isDeepStrictEqual(plain(like), got))
  return exact.length > 0 ? exact : likes
}

function isNumber(value: Json | undefined): value is number {
  return typeof value === 'number'
}

/** In words. */
export function tellDifference({ path, recorded, got }: FieldDifference): string {
  return `${path} differs: recorded ${show(recorded)}, got ${show(got)}`
}

function show(value: Json | undefined): string {
  return value === undefined ? 'nothing' : quote(JSON.stringify(value))
}

function firstOf<T>(items: readonly T[], find: (item: T) => FieldDifference | undefined): FieldDifference | undefined {
  for (const item of items) {
    const found = find(item)
    if (found) return found
  }
  return undefined
}

const uuid = /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi

/** Without what changes from run to run. */
export function steady(text: string): string {
  return withoutTimes(text.replace(uuid, '<uuid>'))
}

function isSameText(recorded: string, got: string): boolean {
  const [left, right] = [steady(recorded), steady(got)]
  if (left === right) return true
  if (!left.includes(redacted)) return false
  // What was hidden may be anything: the pieces around it come in their order.
  const pieces = left.split(redacted)
  const [first = '', last = ''] = [pieces[0], pieces.at(-1)]
  if (!right.startsWith(first) || !right.endsWith(last) || right.length < first.length + last.length) return false
  let at = first.length
  for (const piece of pieces.slice(1, -1)) {
    const found = right.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return at <= right.length - last.length
}

/** A conversation as it is compared: ids of calls by their order, and nothing of what only the vendor reads of its own. */
export function comparable({ model, system, tools, messages }: Conversation): { readonly [name: string]: Json } {
  const numbers = new Map<string, number>()
  const numberOf = (id: string) => {
    const number = numbers.get(id) ?? numbers.size + 1
    numbers.set(id, number)
    return `call-${number}`
  }
  return {
    model,
    system,
    tools: [...tools].sort(),
    messages: messages.map((message) => comparableMessage(message, numberOf)),
  }
}

function comparableMessage({ role, blocks }: Message, numberOf: (id: string) => string): Json {
  if (role === 'user') return { role, blocks: blocks.map((block) => comparableBlock(block, numberOf)) }
  const text = blocks.map((block) => (block.kind === 'text' ? block.text : '')).join('')
  const calls = blocks.filter((block) => block.kind === 'tool-call')
  return { role, text, calls: calls.map((call) => comparableBlock(call, numberOf)) }
}

function comparableBlock(block: Block, numberOf: (id: string) => string): Json {
  switch (block.kind) {
    case 'text':
      return { text: block.text }
    case 'tool-call':
      return { call: numberOf(block.id), name: block.name, input: block.input }
    case 'tool-result':
      return { resultOf: numberOf(block.id), failed: block.failed, text: block.text }
    case 'other':
      return { type: block.type, ...(block.content !== undefined && { content: block.content }) }
  }
}
