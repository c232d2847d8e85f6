/** Numbers and words on the command line, each checked where it is given: the rule, what is expected, what came. */
import { didYouMean, UserError } from '../errors.js'

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

/** Parses a list of numbers, parted by commas. */
export function numbers(option: string, range: Range): (text: string) => readonly number[] {
  const one = number(option, range)
  return (text) => text.split(',').map((part) => one(part.trim()))
}

/** Parses one of the words that are known. */
export function oneOf<Word extends string>(option: string, words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((word) => word === text)
    if (found !== undefined) return found
    throw new UserError(`${option} takes ${words.join(' or ')}, not ${JSON.stringify(text)}.${didYouMean(text, words)}`)
  }
}
