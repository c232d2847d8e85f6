/** The check of options that are values and no text, wherever they were written: in a configuration file or in code. */
import { isRecord } from '../contracts/checks.js'
import { didYouMean, say, UserError } from '../contracts/errors.js'
import { namesOn, type OptionName, type OptionsOf, rowOf } from '../contracts/options/derived.js'
import type { LibraryFunction } from '../contracts/options/row.js'
import { callSite } from '../contracts/place.js'

/** The rule that a value of the option does not hold, if there is one. */
export function problemWith(name: OptionName, value: unknown): string | undefined {
  const { fits, expected } = rowOf(name).value
  return fits(value) ? undefined : `${name}: expected ${expected}, got ${show(value)}`
}

/** The options of a call of the library. Throws a `UserError` with the rule, the nearest name, and where it was called. */
export function checkOptions<At extends LibraryFunction>(at: At, given: OptionsOf<At>): void {
  const values: unknown = given
  const mistake = (rule: string) => new UserError(`${at}: ${rule}`, callSite())
  if (!isRecord(values)) throw mistake(`expected an object of options, got ${show(values)}`)
  const known: readonly OptionName[] = namesOn(at)
  for (const name of Object.keys(values)) {
    if (!known.some((one) => one === name)) {
      throw mistake(`there is no option "${name}" (${known.join(', ')}).${didYouMean(name, known)}`.replace(/\.$/, ''))
    }
  }
  for (const name of known) {
    const isOpen = values[name] === undefined && !rowOf(name).on[at]?.required
    const problem = isOpen ? undefined : problemWith(name, values[name])
    if (problem !== undefined) throw mistake(problem)
  }
}

const shownMost = 10

function show(value: unknown): string {
  if (!Array.isArray(value)) return say(value)
  const rest = value.length > shownMost ? ', …' : ''
  return `[${Array.from(value.slice(0, shownMost), say).join(', ')}${rest}]`
}
