/** Values of an agent's as plain data, for a trace: what JSON cannot hold is named rather than lost. */
import type { Json } from '../../../faults/json.js'
import { parseShallow } from '../../contracts/json-text.js'
import { textOf } from './failures.js'

/** `undefined` for nothing at all. What is no plain data becomes the text that names it. */
export function plain(value: unknown): Json | undefined {
  switch (typeof value) {
    case 'undefined':
      return undefined
    case 'string':
    case 'boolean':
      return value
    default:
      return value === null ? null : parse(textOf(value))
  }
}

/** What the text is JSON of; a text that is none, or nests too deep, is itself. */
export function parse(text: string): Json {
  try {
    return parseShallow(text)
  } catch {
    return text
  }
}
