/**
 * Whether a tool call was made from an ask of the model's of which only the beginning had come: with values that were
 * cut, repaired, or run together with those of a further attempt. What had come whole is not looked at here.
 */
import type { Json } from '../../../faults/json.js'
import { runsTool } from '../../contracts/boundary.js'
import { isRecord } from '../../contracts/checks.js'
import type { Arrived } from '../../contracts/failure.js'
import { type Piece, readPrefix } from '../../contracts/json-prefix.js'
import { argumentFieldsOf, type Request } from '../../contracts/request.js'
import type { Crossing } from '../../contracts/trace.js'

/** A call of which only so much of its input came, as text. */
export type Begun = NonNullable<Arrived['partial']>
type Fields = Readonly<Record<string, Json>>

/**
 * `whole` is the input as the model would have given it. A value that the agent cannot have from what came is its own,
 * and so is a call of other values.
 */
export function isMadeFrom({ call }: Crossing, begun: Begun, whole: Json | undefined): boolean {
  if (!runsTool(call.site) || call.site.target !== begun.name || call.request.kind !== 'call') return false
  const { value, fields = {} } = readBegun(begun.input)
  const input: Fields = isRecord(whole) ? whole : {}
  const given = argumentFieldsOf(call.request)
  if (!given) {
    return call.request.arguments.every((argument) => argument === begun.input || isAmong(argument, value ?? null))
  }
  const pieces = Object.entries(fields)
  const hasNone = Object.keys(input).every((name) => isEmpty(given[name]))
  // An input that cannot be read is often taken for an empty one.
  if (hasNone && Object.keys(input).length > 0) return true
  if (!pieces.some(([, piece]) => saysSomething(piece, begun.input))) return hasNone
  return pieces.every(([name, piece]) => isFrom(given[name], piece, begun.input, input[name]))
}

/** Whether the call is of just the values that the model meant. */
export function isAsMeant({ call }: Crossing, meant: Json): boolean {
  if (call.request.kind !== 'call') return false
  const given = argumentFieldsOf(call.request)
  if (!given) return call.request.arguments.every((argument) => isAmong(argument, meant))
  return isRecord(meant) && Object.entries(meant).every(([name, value]) => isSame(given[name], value))
}

/** A model may write anything; of what is no JSON at all nothing can be taken. */
function readBegun(text: string): Piece {
  try {
    return readPrefix(text)
  } catch {
    return { value: undefined, whole: false, from: 0 }
  }
}

function isSame(left: Json | undefined, right: Json | undefined): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}

/** A value of which only the beginning had come, as a request sent it. */
export interface CutValue {
  readonly field: string
  readonly value: string
}

/** A field of what the agent sent that bears the name of one that was cut, and holds what had come of it: not the whole. */
export function cutValueIn({ call }: Crossing, begun: Begun, whole: Json | undefined): CutValue | undefined {
  const sent = fieldsSent(call.request)
  const input: Fields = isRecord(whole) ? whole : {}
  for (const [field, piece] of Object.entries(readBegun(begun.input).fields ?? {})) {
    if (piece.whole || piece.fields || piece.items) continue
    const value = typeof piece.value === 'string' ? piece.value : begun.input.slice(piece.from)
    const isCutShort = input[field] !== undefined && !isSameText(input[field], value)
    if (isCutShort && isSameText(sent[field], value)) return { field, value }
  }
  return undefined
}

/** The fields of what the model meant that had not come whole. */
export function cutFieldsOf(begun: string, meant: Json | undefined): readonly string[] {
  const { fields = {} } = readBegun(begun)
  return isRecord(meant) ? Object.keys(meant).filter((field) => fields[field]?.whole !== true) : []
}

/** Whether a text is the agent's own, in place of one that was cut: no repair and no careless buffer makes it of what had come. */
export function isOwnText(given: Json | undefined, field: string, begun: string, meant: Json | undefined): boolean {
  const piece = readBegun(begun).fields?.[field]
  if (typeof given !== 'string' || typeof piece?.value !== 'string' || piece.value === '') return false
  return !isFrom(given, piece, begun, meant)
}

/** Whether what the model asked for has that value in that field. */
export function holdsValue(input: Json, { field, value }: CutValue): boolean {
  return isRecord(input) && isSameText((input as Fields)[field], value)
}

/** As texts, for agents trim them and change their case. */
function isSameText(given: Json | undefined, text: string): boolean {
  if (typeof given !== 'string' && typeof given !== 'number') return false
  const plain = (one: string) => one.trim().toLowerCase()
  return plain(text) !== '' && plain(String(given)) === plain(text)
}

/** What an act sends, by name. */
export function fieldsSent(request: Request): Fields {
  if (request.kind === 'effect') return isRecord(request.payload) ? (request.payload as Fields) : {}
  if (request.kind !== 'http') return {}
  const query = URL.canParse(request.url) ? new URL(request.url).searchParams : []
  return { ...Object.fromEntries(query), ...(isRecord(request.body) ? (request.body as Fields) : {}) }
}

/** Whether a value is a piece of the text, or what a repair or a careless buffer makes of it. */
function isFrom(given: Json | undefined, piece: Piece, text: string, whole: Json | undefined): boolean {
  if (piece.whole) return isSame(given, piece.value)
  if (isEmpty(given)) return true
  if (typeof piece.value === 'string') {
    return typeof given === 'string' && (isCut(given, piece.value) || isMerged(given, piece.value, whole))
  }
  if (piece.fields) {
    if (!isRecord(given)) return false
    const inner: Fields = isRecord(whole) ? whole : {}
    return Object.entries(piece.fields).every(([name, field]) => isFrom(given[name], field, text, inner[name]))
  }
  if (piece.items) {
    if (!Array.isArray(given)) return false
    const inner: readonly Json[] = Array.isArray(whole) ? whole : []
    return piece.items.every((item, index) => isFrom(given[index], item, text, inner[index]))
  }
  return isCut(String(given), text.slice(piece.from))
}

function isCut(given: string, came: string): boolean {
  return came.startsWith(given.trimEnd())
}

/** The old buffer, and behind it the input or the value of a further attempt. */
function isMerged(given: string, came: string, whole: Json | undefined): boolean {
  if (given === whole || !given.startsWith(came)) return false
  const rest = given.slice(came.length)
  return rest.startsWith('{') || (typeof whole === 'string' && rest.startsWith(whole))
}

function saysSomething({ whole, value, from, fields, items }: Piece, text: string): boolean {
  if (whole) return true
  if (fields) return Object.values(fields).some((field) => saysSomething(field, text))
  if (items) return items.some((item) => saysSomething(item, text))
  return typeof value === 'string' ? value !== '' : text.length > from
}

/** Whether an argument that is given by its place is one of the values that came. */
function isAmong(argument: Json, came: Json): boolean {
  if (typeof came !== 'object' || came === null) return isSame(argument, came)
  return Object.values(came).some((inner: Json) => isAmong(argument, inner))
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || value === ''
}
