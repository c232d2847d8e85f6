/** JSON from a file that people may have edited: in which line a value stands, or what is no JSON. For whoever is told of it. */
import type { Json } from '../../faults/json.js'
import { withoutMark } from './byte-order-mark.js'
import { UserError } from './errors.js'

export type JsonPath = readonly PropertyKey[]

/** Throws a `UserError` with the line; `wanted` says what was expected. */
export function parseJson(text: string, wanted: string, file: string): unknown {
  const plain = withoutMark(text)
  try {
    return JSON.parse(plain)
  } catch (error) {
    const why = (error as Error).message.replace(/\s+/g, ' ')
    throw new UserError(`${wanted}, and this is not JSON: ${why}`, `${file}:${lineOfMistake(plain)}`)
  }
}

/** As a person writes it: `scenarios[0].name`. */
export function tellPath(path: JsonPath): string {
  return path.reduce<string>((text, key) => {
    return typeof key === 'number' ? `${text}[${key}]` : `${text}${text === '' ? '' : '.'}${String(key)}`
  }, '')
}

/** Whether more than so many lists and objects stand in one another: code that goes into each by a call of its own would fail. */
export function isDeeper(value: unknown, most: number): boolean {
  let level: readonly unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) return true
    level = level.flatMap((part) => (typeof part === 'object' && part !== null ? Object.values(part) : []))
  }
  return false
}

/** How many lists and objects may stand in one another. What is deeper cannot be written as JSON again, nor walked by a call each. */
export const depthMost = 1_000
/** The same of a part, which is to stand in a trace, a report or a recording. */
const partDepthMost = 900

/** As `JSON.parse`, for texts that come from an agent: it also throws where they are nested too deep. */
export function parseShallow(text: string): Json {
  const value = JSON.parse(text) as Json
  if (hasManyOpenings(text) && isDeeper(value, partDepthMost))
    throw new SyntaxError(`JSON is nested more than ${partDepthMost} deep`)
  return value
}

/** Few texts have as many as it takes: others need no further look. */
function hasManyOpenings(text: string): boolean {
  let count = 0
  for (const opening of ['[', '{']) {
    for (let at = text.indexOf(opening); at >= 0; at = text.indexOf(opening, at + 1)) {
      count++
      if (count > partDepthMost) return true
    }
  }
  return false
}

/** The line, from 1, in which the value at this path begins; where there is none, that of what it would stand in. */
export function lineOf(text: string, path: JsonPath): number {
  let [found, depth] = [0, 0]
  for (const { at, keys } of valuesIn(text)) {
    const isOnTheWay = keys.length >= depth && keys.length <= path.length
    if (!isOnTheWay || !keys.every((key, index) => String(key) === String(path[index]))) continue
    found = at
    depth = keys.length
  }
  return text.slice(0, found).split('\n').length
}

const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/gs

/** Every value of a text that is JSON, with where it begins, and the keys that lead to it: they are others when it goes on. */
function* valuesIn(text: string): Generator<{ readonly at: number; readonly keys: readonly PropertyKey[] }> {
  // Before each value of an object its key is not known.
  const keys: (string | number)[] = []
  let isNamed = true
  for (const { 0: piece, index: at } of text.matchAll(token)) {
    const inList = typeof keys.at(-1) === 'number'
    if (piece === '}' || piece === ']') {
      keys.pop()
      isNamed = true
    } else if (piece === ',') {
      if (inList) keys.push(Number(keys.pop()) + 1)
      else isNamed = false
    } else if (piece === ':') isNamed = true
    else if (!isNamed) keys.splice(-1, 1, String(JSON.parse(piece)))
    else {
      yield { at, keys }
      if (piece === '{' || piece === '[') keys.push(piece === '[' ? 0 : '')
      isNamed = piece !== '{'
    }
  }
}

/** The first line whose end no JSON can have before it. */
function lineOfMistake(text: string): number {
  const lines = text.split('\n')
  let [sound, broken] = [0, lines.length]
  while (broken - sound > 1) {
    const middle = (sound + broken) >> 1
    if (isMistaken(`${lines.slice(0, middle).join('\n')}\n`)) broken = middle
    else sound = middle
  }
  return broken
}

/** Whether whatever comes behind it, it is no JSON. */
function isMistaken(beginning: string): boolean {
  try {
    JSON.parse(beginning)
    return false
  } catch (error) {
    const { message } = error as Error
    const position = /at position (\d+)/.exec(message)?.[1]
    if (position !== undefined) return Number(position) < beginning.length
    return !/end of JSON input/.test(message)
  }
}
