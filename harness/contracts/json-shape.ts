/**
 * What JSON from a file is to look like, where a scenario's file reads it: what checks the larger files takes longer to load than all else
 * that such a file needs. A shape is closed: a field that it does not name is refused.
 */
import { isRecord } from './checks.js'
import { didYouMean, say } from './errors.js'
import type { JsonPath } from './json-text.js'

/** The first thing that is not as it should be. */
export interface Mismatch {
  readonly path: JsonPath
  /** What was expected there, and what came. */
  readonly rule: string
}

/** `undefined` where the value has it. */
export type JsonShape = (value: unknown, path: JsonPath) => Mismatch | undefined

export const anything: JsonShape = () => undefined

export function satisfies(expected: string, isSo: (value: unknown) => boolean): JsonShape {
  return (value, path) => (isSo(value) ? undefined : { path, rule: `expected ${expected}, got ${say(value)}` })
}

export const text = satisfies('a string', (value) => typeof value === 'string')
export const flag = satisfies('true or false', (value) => typeof value === 'boolean')

export function oneOf(...values: readonly unknown[]): JsonShape {
  return satisfies(values.map((value) => JSON.stringify(value)).join(' or '), (value) => values.includes(value))
}

export function listOf(item: JsonShape): JsonShape {
  const isList = satisfies('a list', Array.isArray)
  return (value, path) =>
    isList(value, path) ?? firstOf(value as readonly unknown[], (one, index) => item(one, [...path, index]))
}

const isObject = satisfies('an object', isRecord)

/** Of objects whose names are anything. */
export function mapOf(item: JsonShape, name: JsonShape = anything): JsonShape {
  return (value, path) =>
    isObject(value, path) ??
    firstOf(Object.entries(value as object), ([key, one]) => name(key, [...path, key]) ?? item(one, [...path, key]))
}

type Fields = Readonly<Record<string, JsonShape>>

/** With all of the fields, and perhaps some of the optional ones. */
export function objectOf(fields: Fields, optional: Fields = {}): JsonShape {
  const all = { ...fields, ...optional }
  const names = Object.keys(all)
  const refuse = (path: JsonPath, key: string): Mismatch => {
    return { path: [...path, key], rule: `no such field is known.${didYouMean(key, names)}` }
  }
  return (value, path) => {
    const other = isObject(value, path)
    if (other) return other
    const given = value as Readonly<Record<string, unknown>>
    return (
      firstOf(Object.keys(given), (key) => (names.includes(key) ? undefined : refuse(path, key))) ??
      firstOf(names, (key) =>
        key in fields || given[key] !== undefined ? all[key]?.(given[key], [...path, key]) : undefined,
      )
    )
  }
}

/** Objects of several kinds, told apart by the field `kind`. */
export function kindOf(kinds: Readonly<Record<string, JsonShape>>): JsonShape {
  const isKind = oneOf(...Object.keys(kinds))
  return (value, path) => {
    const kind = isRecord(value) ? value.kind : undefined
    return isObject(value, path) ?? isKind(kind, [...path, 'kind']) ?? kinds[kind as string]?.(value, path)
  }
}

function firstOf<T>(items: readonly T[], find: (item: T, index: number) => Mismatch | undefined): Mismatch | undefined {
  for (const [index, item] of items.entries()) {
    const found = find(item, index)
    if (found) return found
  }
  return undefined
}
