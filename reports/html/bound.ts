/** A report without texts of many megabytes, of which a page shows no more than the beginning. */
import { cut } from './markup.js'

/** Up to here a text is kept whole: a request to a model is read before it is cut. */
const wholeMost = 1_000_000
const beginning = 5_000

/** The same plain value, its longest texts cut with a note of how much is left out. */
export function bound<T>(value: T): T {
  return walk(value) as T
}

function walk(value: unknown): unknown {
  if (typeof value === 'string') return value.length > wholeMost ? cut(value, beginning) : value
  if (Array.isArray(value)) return value.map(walk)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, walk(part)]))
}
