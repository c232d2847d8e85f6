/** The literals of a plan's text: words, strings, counts, durations and JSON values, read where the cursor stands. */

import type { Json } from '../json.js'
import { barePatterns, clip, quote, visible, type WordKind } from '../plan/quote.js'
import type { Scanner } from '../plan/scanner.js'
import { type DurationUnit, durationUnits, isDurationUnit, parseDuration } from './duration.js'

/** A bare word or a JSON string. */
export function readWord(scanner: Scanner, kind: WordKind, expected: string): string {
  if (scanner.peek('"')) return readString(scanner)
  const word = scanner.match(barePatterns[kind])
  if (word === undefined) throw scanner.refusal(expected)
  return word
}

/** A whole number from 1. */
export function readCount(scanner: Scanner, expected: string): number {
  const at = scanner.here()
  const digits = scanner.match(/\d+/y)
  if (digits === undefined) throw scanner.refusal(expected)
  const value = Number(digits)
  if (value < 1) throw scanner.refusal(expected, { at, got: digits })
  if (!Number.isSafeInteger(value)) {
    throw scanner.refusal(`${expected}, up to ${Number.MAX_SAFE_INTEGER}`, { at, got: digits })
  }
  return value
}

/** Milliseconds. */
export function readDuration(scanner: Scanner, expected: string): number {
  const at = scanner.here()
  const decimal = scanner.match(/\d+(?:\.\d+)?/y)
  if (decimal === undefined) throw scanner.refusal(expected)
  const ms = parseDuration(decimal, readUnit(scanner))
  if (ms === undefined) {
    const limit = `in whole milliseconds up to ${Number.MAX_SAFE_INTEGER}`
    throw scanner.refusal(`${expected}, ${limit}`, { at, got: scanner.since(at) })
  }
  return ms
}

function readUnit(scanner: Scanner): DurationUnit {
  const rule = 'a unit of time (h, m, s or ms)'
  const word = scanner.look(/\p{L}+/uy)
  if (word === undefined) throw scanner.refusal(rule, { candidates: durationUnits })
  if (!isDurationUnit(word)) throw scanner.refusal(rule, { got: word, candidates: durationUnits })
  scanner.advance(word.length)
  return word
}

/** Named values between brackets, each name once. */
export function readFields(
  scanner: Scanner,
  [open, sign, close]: readonly [open: string, sign: string, close: string],
  name: () => string,
  value: (name: string) => Json,
): Readonly<Record<string, Json>> {
  const fields = new Map<string, Json>()
  scanner.list(open, close, () => {
    const at = scanner.here()
    const key = name()
    if (fields.has(key)) throw scanner.refusal(`${quote(key)} only once`, { at, got: key })
    if (!scanner.take(sign)) throw scanner.refusal(`"${sign}" and a value after ${quote(key)}`)
    fields.set(key, value(key))
  })
  // Not by assignment, which would take a field called __proto__ for the prototype.
  return Object.fromEntries(fields)
}

/** Any JSON value; read here and not by `JSON.parse`, which knows neither where a value ends nor where it is wrong. */
export function readJson(scanner: Scanner): Json {
  if (scanner.peek('"')) return readString(scanner)
  if (scanner.peek('[')) return scanner.list('[', ']', () => readJson(scanner))
  if (scanner.peek('{')) return readObject(scanner)
  const at = scanner.here()
  const number = scanner.match(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y)
  if (number !== undefined) return finite(scanner, number, at)
  const literal = scanner.match(/(?:true|false|null)(?![\p{L}\p{Nd}_])/uy)
  if (literal === undefined) throw scanner.refusal('a JSON value (text stands in double quotes)')
  return JSON.parse(literal) as Json
}

function readObject(scanner: Scanner): Json {
  const name = () => {
    if (!scanner.peek('"')) throw scanner.refusal('a name in double quotes')
    return readString(scanner)
  }
  return readFields(scanner, ['{', ':', '}'], name, () => readJson(scanner))
}

function finite(scanner: Scanner, source: string, at: number): number {
  const value = Number(source)
  if (!Number.isFinite(value)) throw scanner.refusal('a number that is not too large', { at, got: source })
  // JSON reads "-0" and never writes it; a single zero keeps decoding and encoding inverse.
  return value === 0 ? 0 : value
}

function readString(scanner: Scanner): string {
  const start = scanner.here()
  scanner.advance(1)
  while (scanner.next() !== '"') readStringUnit(scanner, start)
  scanner.advance(1)
  return JSON.parse(scanner.since(start)) as string
}

/** Passes a character of a string, or an escape. */
function readStringUnit(scanner: Scanner, start: number): void {
  const unit = scanner.next()
  const at = scanner.offset
  if (unit === '' || unit === '\n' || unit === '\r') {
    const got = unit === '' ? 'end of text' : 'end of line'
    const shown = `${got} after ${visible(clip(scanner.since(start)))}`
    throw scanner.refusal('a closing double quote on the same line', { at, got, shown })
  }
  if (unit < ' ') throw scanner.refusal('control characters as escapes', { at, got: unit })
  if (unit !== '\\') scanner.advance(1)
  else if (scanner.match(/\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y) === undefined) {
    throw scanner.refusal('a JSON escape such as \\n or \\u0041', { at, got: scanner.since(at, at + 2) })
  }
}
