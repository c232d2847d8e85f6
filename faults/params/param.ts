/**
 * Parameters of faults, described as data, so that a plan can be checked, sampled and weakened by code that does not
 * hold the fault itself. Every kind knows its default and which of its values are milder than another.
 */
import type { Json } from '../json.js'

/**
 * What a parameter of a fault may be, with its default and a line of documentation. Durations are integers in
 * milliseconds; shares are from 0 to 1.
 */
export type Param =
  /** A whole number; values nearer to `min` are milder. */
  | {
      readonly kind: 'integer'
      readonly doc: string
      readonly min: number
      readonly max: number
      readonly default: number
      readonly unit?: 'ms' | 's'
    }
  /** A share from 0 to 1; values nearer to `mildest` are milder. */
  | { readonly kind: 'share'; readonly doc: string; readonly mildest: 0 | 1; readonly default: number }
  /** One of a few words, the mildest first. */
  | { readonly kind: 'choice'; readonly doc: string; readonly values: readonly string[]; readonly default: string }
  /** Free text; `samples` are what the search tries, the mildest first. One that is sent as a header must fit into one. */
  | {
      readonly kind: 'text'
      readonly doc: string
      readonly samples: readonly string[]
      readonly default: string
      readonly fits?: 'header'
    }

/** The parameters of a fault, by name. */
export type Params = Readonly<Record<string, Param>>
/** The type of a parameter's value. */
export type ParamValue<P extends Param> = P extends { kind: 'integer' | 'share' }
  ? number
  : P extends { kind: 'choice'; values: readonly (infer V)[] }
    ? V
    : string
/** The values of all parameters, by name, defaults filled in. */
export type ParamValues<P extends Params> = { readonly [K in keyof P]: ParamValue<P[K]> }
/** Parameters as a plan gives them; what is left out has its default. */
export type GivenParams = Readonly<Record<string, Json>>

/** As RFC 9110 has it in 5.5: no line break, no control character, and nothing beyond one byte. */
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/

/** What a parameter accepts, for messages and listings. */
export function expectation(param: Param): string {
  switch (param.kind) {
    case 'integer':
      return `a whole number from ${param.min} to ${param.max}${param.unit ? ` (${param.unit})` : ''}`
    case 'share':
      return 'a number from 0 to 1'
    case 'choice':
      return param.values.map((value) => JSON.stringify(value)).join(' or ')
    case 'text':
      return param.fits === 'header' ? 'a string in quotes that a header can carry' : 'a string in quotes'
  }
}

export function accepts(param: Param, value: Json): value is number | string {
  switch (param.kind) {
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value) && value >= param.min && value <= param.max
    case 'share':
      return typeof value === 'number' && value >= 0 && value <= 1
    case 'choice':
      return typeof value === 'string' && param.values.includes(value)
    case 'text':
      return typeof value === 'string' && (param.fits !== 'header' || headerValue.test(value))
  }
}

/** Milder values than `value`, the mildest first; empty where there is none. */
export function milderValues(param: Param, value: number | string): (number | string)[] {
  switch (param.kind) {
    case 'integer': {
      const number = value as number
      const gap = number - param.min
      // Ever smaller steps down; one by one only where that is not a long way.
      const steps = [gap, gap / 2, gap / 4, gap / 8, ...(gap <= 16 ? [1] : [])].map(Math.ceil)
      return unique(steps.filter((step) => step > 0 && step <= gap).map((step) => number - step))
    }
    case 'share': {
      const number = value as number
      return unique([param.mildest, (param.mildest + number) / 2]).filter(
        (candidate) => Math.abs(candidate - number) > 0.05,
      )
    }
    case 'choice':
      return before(param.values, value as string)
    case 'text':
      return before(param.samples, value as string)
  }
}

function before(values: readonly string[], value: string): string[] {
  const index = values.indexOf(value)
  return index < 0 ? [] : values.slice(0, index)
}

function unique(values: number[]): number[] {
  return [...new Set(values)]
}
