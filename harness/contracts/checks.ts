/**
 * How options are checked, whoever takes them: each rule that does not hold is reported with what was expected, what came
 * and where.
 */
import { didYouMean, say, UserError } from './errors.js'

export type Anything = Readonly<Record<string, unknown>>

/** Each of them throws a `UserError` where its rule does not hold. */
export interface Checks {
  refuse(rule: string): never
  expect(holds: boolean, option: string, expected: string, value: unknown): void
  /** `value` has no keys but `known`; `of` says whose they are. */
  keys(value: Anything, known: readonly string[], of: string): void
  /** `value` is an object that has no keys but `known`. */
  record(option: string, value: unknown, known: readonly string[]): void
  function(option: string, value: unknown): void
  /** A text, or nothing. */
  text(option: string, value: unknown): void
  /** One of the texts, or nothing. */
  oneOf(option: string, value: unknown, known: readonly string[]): void
  /** A number in the range, or nothing. */
  number(option: string, value: unknown, range: readonly [min: number, max: number]): void
  /** A list; names the first item that does not fit. */
  list<T>(option: string, value: unknown, item: string, fits: (item: Partial<T> | null) => boolean): void
}

/** `subject` is what the options belong to; `where` is the line of the user's that gave them. */
export function checksOf(subject: string, where: string | undefined): Checks {
  return checksBy((rule) => {
    throw new UserError(`${subject}: ${rule}`, where)
  })
}

/** `refuse` throws, and says whose rule it was. */
export function checksBy(refuse: (rule: string) => never): Checks {
  const expect = (holds: boolean, option: string, expected: string, value: unknown) => {
    if (!holds) refuse(`${option}: expected ${expected}, got ${say(value)}`)
  }
  const keys = (value: Anything, known: readonly string[], of: string) => {
    for (const key of Object.keys(value)) {
      if (!known.includes(key)) refuse(`${of} has no option "${key}".${didYouMean(key, known)}`)
    }
  }
  return {
    refuse,
    expect,
    keys,
    record(option, value, known) {
      expect(isRecord(value), option, 'an object', value)
      keys(value as Anything, known, option)
    },
    function(option, value) {
      expect(typeof value === 'function', option, 'a function', value)
    },
    text(option, value) {
      expect(value === undefined || typeof value === 'string', option, 'a string', value)
    },
    oneOf(option, value, known) {
      const names = known.map((name) => `"${name}"`).join(' or ')
      expect(value === undefined || known.includes(value as string), option, names, value)
    },
    number(option, value, [min, max]) {
      const fits = typeof value === 'number' && value >= min && value <= max
      const range = max >= Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
      expect(value === undefined || fits, option, `a number ${range}`, value)
    },
    list(option, value, item, fits) {
      expect(Array.isArray(value), option, `an array, each item ${item}`, value)
      // A hole in a list is no item, and is to be refused as one.
      const items = Array.from(value as Parameters<typeof fits>)
      const odd = items.findIndex((one) => !fits(one))
      expect(odd < 0, `${option}[${odd}]`, item, items[odd])
    },
  }
}

export function isRecord(value: unknown): value is Anything {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
