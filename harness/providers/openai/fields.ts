/** Anything of requests, checked as the API checks them and refused in its words, whichever of the APIs is asked. */
import type { Json } from '../../../faults/json.js'
import { type Anything, isRecord } from '../../contracts/checks.js'
import type { RefusalReason } from '../../contracts/failure.js'
import { parseShallow } from '../../contracts/json-text.js'
import type { Refused } from '../refused.js'
import { invalid, type RefusalTerms } from './error.js'

/** The value with its article, as the API says what it got. */
function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal number'
  return { string: 'a string', boolean: 'a boolean' }[typeof value as string] ?? 'an object'
}

export function missing(param: string): Refused<RefusalTerms> {
  const message = `Missing required parameter: '${param}'.`
  return invalid(message, { param, code: 'missing_required_parameter', reason: 'missing-field' })
}

export function wrongType(param: string, expected: string, value: unknown): Refused<RefusalTerms> {
  const message = `Invalid type for '${param}': expected ${expected}, but got ${describe(value)} instead.`
  return invalid(message, { param, code: 'invalid_type' })
}

export function wrongValue(param: string, value: unknown, supported: readonly string[]): Refused<RefusalTerms> {
  const given = typeof value === 'string' ? value : ''
  return invalid(`Invalid value: '${given}'. Supported values are: ${enumerate(supported)}.`, {
    param,
    code: 'invalid_value',
  })
}

/** With the comma before the last that the API sets from three on. */
function enumerate(values: readonly string[]): string {
  const quoted = values.map((value) => `'${value}'`)
  return quoted.length < 3 ? quoted.join(' and ') : `${quoted.slice(0, -1).join(', ')}, and ${quoted.at(-1)}`
}

export function emptyList(param: string, reason: RefusalReason = 'empty-content'): Refused<RefusalTerms> {
  const message = `Invalid '${param}': empty array. Expected an array with minimum length 1, but got an empty array instead.`
  return invalid(message, { param, code: 'empty_array', reason })
}

/** Refuses a text that is longer than the API takes. */
export function checkLength(param: string, value: string, max: number): void {
  if (value.length <= max) return
  const message = `Invalid '${param}': string too long. Expected a string with maximum length ${max}, but got a string with length ${value.length} instead.`
  throw invalid(message, { param, code: 'string_above_max_length' })
}

/** A text that must be there. */
export function requireText(fields: Anything, name: string, param = name): string {
  const value = fields[name]
  if (value === undefined) throw missing(param)
  if (typeof value !== 'string') throw wrongType(param, 'a string', value)
  return value
}

export type FieldType = 'a boolean' | 'an integer' | 'a number' | 'a string' | 'an object'

/** Anything that may be left out, or null, but not of another type. */
export function checkTypes(body: Anything, types: Readonly<Record<string, FieldType>>): void {
  for (const [name, type] of Object.entries(types)) {
    const value = body[name]
    if (value !== undefined && value !== null && !isOf(value, type)) throw wrongType(name, type, value)
  }
}

function isOf(value: unknown, type: FieldType): boolean {
  switch (type) {
    case 'a boolean':
      return typeof value === 'boolean'
    case 'an integer':
      return Number.isInteger(value)
    case 'a number':
      return typeof value === 'number'
    case 'a string':
      return typeof value === 'string'
    case 'an object':
      return isRecord(value)
  }
}

/** Refuses what is below the least value. */
export function checkLeast(body: Anything, name: string, least: number): void {
  const value = body[name]
  if (typeof value !== 'number' || value >= least) return
  const message = `Invalid '${name}': integer below minimum value. Expected a value >= ${least}, but got ${value} instead.`
  throw invalid(message, { param: name, code: 'integer_below_min_value' })
}

/** The body, by a parser that may know it in part already. */
export function parseBody(text: string, parse: (text: string) => unknown): Anything {
  let value: unknown
  try {
    value = parse(text)
  } catch {
    const message =
      "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library " +
      'correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble ' +
      'figuring out how to fix this, please contact us through our help center at help.openai.com.)'
    throw invalid(message, { reason: 'not-json' })
  }
  if (!isRecord(value))
    throw invalid(`Invalid type for 'body': expected an object, but got ${describe(value)} instead.`)
  return value
}

/** The arguments of a call as they are in JSON; the text itself where it is none. The API takes either. */
export function parseArguments(text: string): Json {
  try {
    return parseShallow(text)
  } catch {
    return text
  }
}
