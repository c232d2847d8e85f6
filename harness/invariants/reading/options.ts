/**
 * The options of the invariants that ship, checked when one is made. What is wrong with them is reported at the user's
 * line, and not met as an odd verdict.
 */
import { type Anything, type Checks, checksOf, isRecord } from '../../contracts/checks.js'
import { isUserError, say, UserError } from '../../contracts/errors.js'
import type { Invariant } from '../../contracts/invariant.js'
import { callSite } from '../../contracts/place.js'
import { noteRecipe } from './recipe.js'

/** Checks the value of one option; what is not given fits, unless it is required. */
type Rule = (checks: Checks, option: string, value: unknown) => void
export type Rules = Readonly<Record<string, Rule>>

/** The same maker, which checks what it is given. One whose parameter has a default may be given nothing. */
export function taking<A extends readonly unknown[]>(
  name: string,
  rules: Rules,
  make: (...args: A) => Invariant,
): (...args: A) => Invariant {
  return (...args) => {
    const where = callSite()
    checkOptions(`${name}()`, args[0], rules, { where, isOptional: make.length === 0 })
    try {
      return noteRecipe(make(...args), name, args)
    } catch (error) {
      if (!isUserError(error) || error.where !== undefined) throw error
      throw new UserError(error.message.startsWith(name) ? error.message : `${name}(): ${error.message}`, where)
    }
  }
}

interface Taken {
  readonly where: string | undefined
  /** They need not be given. */
  readonly isOptional?: boolean
  /** There may be others. */
  readonly isOpen?: boolean
}

export function checkOptions(subject: string, options: unknown, rules: Rules, taken: Taken): void {
  const { where, isOptional = false, isOpen = false } = taken
  if (options === undefined && isOptional) return
  const checks = checksOf(subject, where)
  const names = Object.keys(rules)
  if (names.length === 0) checks.refuse(`takes no options, got ${say(options)}`)
  if (!isRecord(options)) checks.refuse(`expected an object of options (${names.join(', ')}), got ${say(options)}`)
  if (!isOpen) checks.keys(options as Anything, names, 'it')
  for (const [option, rule] of Object.entries(rules)) rule(checks, option, (options as Anything)[option])
}

export const mandatory =
  (rule: Rule, expected: string): Rule =>
  (checks, option, value) => {
    checks.expect(value !== undefined, option, expected, value)
    rule(checks, option, value)
  }

/** A number of at least `min`; it may be without end. */
export const atLeast =
  (min: number): Rule =>
  (checks, option, value) =>
    checks.number(option, value, [min, Number.POSITIVE_INFINITY])

/** A whole number of at least `min`; it may be without end. */
export const wholeAtLeast =
  (min: number): Rule =>
  (checks, option, value) => {
    const isWhole = Number.isInteger(value) || value === Number.POSITIVE_INFINITY
    const fits = value === undefined || (isWhole && (value as number) >= min)
    checks.expect(fits, option, `a whole number of at least ${min}`, value)
  }

export const between =
  (min: number, max: number): Rule =>
  (checks, option, value) =>
    checks.number(option, value, [min, max])

export const text: Rule = (checks, option, value) => checks.text(option, value)

export const truth: Rule = (checks, option, value) =>
  checks.expect(value === undefined || typeof value === 'boolean', option, 'true or false', value)

export const texts: Rule = (checks, option, value) => {
  if (value !== undefined) checks.list(option, value, 'a string', (item) => typeof item === 'string')
}

export const functionOf =
  (what: string): Rule =>
  (checks, option, value) =>
    checks.expect(value === undefined || typeof value === 'function', option, `a function of ${what}`, value)

export const oneOf =
  (...known: readonly string[]): Rule =>
  (checks, option, value) =>
    checks.oneOf(option, value, known)

/** An object with no keys but those of the rules. */
export const recordOf =
  (rules: Rules): Rule =>
  (checks, option, value) => {
    if (value === undefined) return
    checks.record(option, value, Object.keys(rules))
    for (const [key, rule] of Object.entries(rules)) rule(checks, `${option}.${key}`, (value as Anything)[key])
  }

/** An object with any keys, whose values follow the rule. */
export const eachOf =
  (rule: Rule): Rule =>
  (checks, option, value) => {
    if (value === undefined) return
    checks.expect(isRecord(value), option, 'an object', value)
    for (const [key, item] of Object.entries(value as Anything)) rule(checks, `${option}[${JSON.stringify(key)}]`, item)
  }

export const listOf =
  (rule: Rule): Rule =>
  (checks, option, value) => {
    if (value === undefined) return
    checks.expect(Array.isArray(value), option, 'an array', value)
    Array.from(value as unknown[]).forEach((item, index) => {
      rule(checks, `${option}[${index}]`, item)
    })
  }
