/**
 * What becomes of an answer that a fault changes on its way back. These are pure functions over the value of a tool's
 * result and over the text of a body. Apart, because both must mean the same by "nothing in it" and by "the text of the
 * answer".
 */
import type { AnswerChange, Edit } from '../../../faults/action.js'
import type { Json } from '../../../faults/json.js'
import { instructionFor } from '../../../faults/params/instruction.js'
import type { Body } from '../../contracts/body.js'
import type { TraceEvent } from '../../contracts/trace.js'
import { textOf } from './failures.js'

type Which = Extract<Edit, { kind: 'earlier' }>['call']

/** What an earlier call was told, as the trace has it. */
type Earlier = (call: Which) => Json | undefined

/**
 * A result with the change made to it; the very same value where there is nothing to take hold of. Only plain data is
 * changed: lists, records, texts, and texts that are JSON of these.
 */
export function changeResult(change: AnswerChange, result: unknown, earlier: Earlier): unknown {
  if (!isPlain(result)) return result
  if (change.kind === 'poison') return addText(result, instructionFor(change.token))
  const { edit } = change
  switch (edit.kind) {
    case 'empty':
      return emptyValue(result)
    case 'earlier':
      return another(result, earlier(edit.call))
    case 'long':
      return addText(result, noise(edit.bytes))
    case 'malformed':
      return garble(result, edit.how)
  }
}

/** The same for a body, which is emptied as a whole. What is no text has no place for more text. */
export function changeBody(change: AnswerChange, body: Body, earlier: (call: Which) => Body | undefined): Body {
  if (body.text === '') return body
  const add = (text: string): Body => (body.encoding ? body : { text: addToText(body.text, text) })
  if (change.kind === 'poison') return add(instructionFor(change.token))
  const { edit } = change
  switch (edit.kind) {
    case 'empty':
      return { text: '' }
    case 'earlier':
      return earlier(edit.call) ?? body
    case 'long':
      return add(noise(edit.bytes))
    case 'malformed':
      return edit.how === 'html' ? { text: pageOfHtml } : { ...body, text: garbleText(body.text, edit.how) }
  }
}

/**
 * The answer, as it stands in the trace, to the last call to the same site that asked the same, or something else. That
 * call began before the crossing and had succeeded by now.
 */
export function earlierOutput(events: readonly TraceEvent[], crossing: number, call: Which): Json | undefined {
  const own = events.find((event) => event.kind === 'call' && event.crossing === crossing)
  if (own?.kind !== 'call') return undefined
  const asked = new Set<number>()
  for (const event of events) {
    if (event === own) break
    if (event.kind !== 'call' || event.site.boundary !== own.site.boundary || event.site.target !== own.site.target) {
      continue
    }
    if ((event.identity === own.identity) === (call === 'equal')) asked.add(event.crossing)
  }
  const returned = events.findLast(
    (event) => event.kind === 'return' && event.outcome.kind === 'ok' && asked.has(event.crossing),
  )
  return returned?.kind === 'return' && returned.outcome.kind === 'ok' ? returned.outcome.output : undefined
}

type Fields = Readonly<Record<string, unknown>>

/** A list and a text: nothing. A record: without what its lists hold; without its fields, where it has no such list. */
function emptyValue(value: unknown): unknown {
  if (typeof value === 'string') {
    const data = dataIn(value)
    if (data === undefined) return ''
    const rest = emptyValue(data)
    return rest === data ? value : JSON.stringify(rest)
  }
  if (Array.isArray(value)) return value.length > 0 ? [] : value
  if (!isRecord(value) || Object.keys(value).length === 0) return value
  const entries = Object.entries(value)
  const isFilled = (field: unknown) => Array.isArray(field) && field.length > 0
  if (!entries.some(([, field]) => isFilled(field))) return {}
  return Object.fromEntries(entries.map(([key, field]) => [key, isFilled(field) ? [] : field]))
}

function another(result: unknown, earlier: unknown): unknown {
  return earlier === undefined || textOf(earlier) === textOf(result) ? result : earlier
}

const line = '2026-01-01T00:00:00Z INFO request served in 12 ms, nothing to report\n'

/** Kept, for to make a megabyte takes longer than the rest of a short trial. */
let log = line

/** What fills results in practice: lines of a log. */
function noise(bytes: number): string {
  if (log.length < bytes) log = line.repeat(Math.ceil(bytes / line.length))
  return log.slice(0, bytes)
}

/** A list, a record, or a text; a single number or word is read for what it is, however it is written. */
function garble(value: unknown, how: 'cut' | 'html'): unknown {
  if (typeof value === 'string') return value === '' ? value : garbleText(value, how)
  return typeof value === 'object' && value !== null ? garbleText(JSON.stringify(value), how) : value
}

function garbleText(text: string, how: 'cut' | 'html'): string {
  return how === 'html' ? pageOfHtml : text.slice(0, Math.floor(text.length / 2))
}

/** As a proxy sends it whose server has gone, with a status of success. */
const pageOfHtml =
  '<html>\n<head><title>502 Bad Gateway</title></head>\n<body>\n<center><h1>502 Bad Gateway</h1></center>\n</body>\n</html>\n'

/** A text in a result: where it stands, and whether it is a block of text among others, as models and protocols have it. */
interface Place {
  readonly path: readonly string[]
  readonly text: string
  readonly isBlock: boolean
}

/** The last block of text is what a model reads last; where there are none, the longest text is the likeliest to be read. */
function addText(value: unknown, added: string): unknown {
  if (typeof value === 'string') return value === '' ? value : addToText(value, added)
  const places = textsIn(value, [])
  const longest = places.reduce<Place | undefined>(
    (best, place) => (best && best.text.length >= place.text.length ? best : place),
    undefined,
  )
  const place = places.findLast(({ isBlock }) => isBlock) ?? longest
  return place ? replaceAt(value, place.path, addToText(place.text, added)) : value
}

/** Text that is itself data gets it inside, so that it can be read as before. */
function addToText(text: string, added: string): string {
  const data = dataIn(text)
  if (data === undefined) return `${text}\n\n${added}`
  const changed = addText(data, added)
  return changed === data ? text : JSON.stringify(changed)
}

/** Every text that is not empty. */
function textsIn(value: unknown, path: readonly string[], isBlock = false): Place[] {
  if (typeof value === 'string') return value === '' ? [] : [{ path, text: value, isBlock }]
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...path, String(index)]))
  if (!isRecord(value)) return []
  const isText = value.type === 'text'
  return Object.entries(value).flatMap(([key, field]) => textsIn(field, [...path, key], isText && key === 'text'))
}

function replaceAt(value: unknown, [key, ...rest]: readonly string[], text: string): unknown {
  if (key === undefined) return text
  if (Array.isArray(value)) return value.with(Number(key), replaceAt(value[Number(key)], rest, text))
  return { ...(value as Fields), [key]: replaceAt((value as Fields)[key], rest, text) }
}

/** The list, the record or the text that a text is JSON of. */
function dataIn(text: string): unknown {
  return /^\s*[[{"]/.test(text) ? parse(text) : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isPlain(value: unknown): boolean {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !isRecord(value)) return false
  try {
    return JSON.stringify(value) !== undefined
  } catch {
    return false
  }
}

/** What methods hang on is an object of somebody's own, and not plain data. */
function isRecord(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
