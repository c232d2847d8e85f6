/** Numbers on the command line, each checked where it is given: the rule, what is expected, what came. */
import { UserError } from '../errors.js'

export interface Range {
  readonly least: number
  readonly most: number
}

/** Parses a whole number for commander; anything else is a `UserError`. */
export function wholeNumber(option: string, { least, most }: Range): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^[+-]?\d+$/.test(text) && value >= least && value <= most) return value
    throw new UserError(`${option} takes a whole number from ${least} to ${most}, not ${JSON.stringify(text)}`)
  }
}

/** Parses a number that may have a fraction. */
export function number(option: string, { least, most }: Range): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) && value >= least && value <= most) return value
    throw new UserError(`${option} takes a number from ${least} to ${most}, not ${JSON.stringify(text)}`)
  }
}
