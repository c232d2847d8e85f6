/** Numbers and words on the command line, each checked where it is given: the rule, what is expected, what came. */
import { didYouMean, UserError } from '../../contracts/errors.js'
import type { Shard } from '../../contracts/shard.js'

export interface Range {
  readonly least: number
  readonly most: number
}

/** A parser of an option's text that can say what it takes, where the value comes from a file too. */
export interface Parser<Value> {
  (text: string, earlier?: Value): Value
  readonly expected: string
  fits(value: unknown): boolean
}

/** Parses a whole number for commander; anything else is a `UserError`. */
export function wholeNumber(option: string, range: Range): Parser<number> {
  const expected = `a whole number from ${range.least} to ${range.most}`
  return parser(option, expected, /^[+-]?\d+$/, (value) => Number.isInteger(value) && isWithin(value, range))
}

/** Parses a number that may have a fraction. */
export function number(option: string, range: Range): Parser<number> {
  const expected = `a number from ${range.least} to ${range.most}`
  return parser(option, expected, /^[+-]?(\d+\.?\d*|\.\d+)$/, (value) => isWithin(value, range))
}

function isWithin(value: unknown, { least, most }: Range): boolean {
  return typeof value === 'number' && value >= least && value <= most
}

function parser(option: string, expected: string, form: RegExp, fits: Parser<number>['fits']): Parser<number> {
  const parse = (text: string) => {
    const value = Number(text)
    if (form.test(text) && fits(value)) return value
    throw new UserError(`${option} takes ${expected}, not ${JSON.stringify(text)}`)
  }
  return Object.assign(parse, { expected, fits })
}

const shardsMost = 10_000

/** Parses `3/10`. */
export function shardNumber(option: string): (text: string) => Shard {
  return (text) => {
    const [, index = 0, count = 0] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? []
    if (index >= 1 && index <= count && count <= shardsMost) return { index, count }
    const expected = `takes a shard and how many there are, such as 3/10, each from 1 to ${shardsMost}`
    throw new UserError(`${option} ${expected}, not ${JSON.stringify(text)}`)
  }
}

/** Parses a list of numbers, parted by commas. */
export function numbers(option: string, range: Range): Parser<readonly number[]> {
  const one = number(option, range)
  const parse = (text: string) => text.split(',').map((part) => one(part.trim()))
  const fits = (value: unknown) => Array.isArray(value) && value.every(one.fits)
  return Object.assign(parse, { expected: `a list of numbers from ${range.least} to ${range.most}`, fits })
}

/** Parses one of the words that are known. */
export function oneOf<Word extends string>(option: string, words: readonly Word[]): Parser<Word> {
  const expected = words.join(' or ')
  const parse = (text: string) => {
    const found = words.find((word) => word === text)
    if (found !== undefined) return found
    throw new UserError(`${option} takes ${expected}, not ${JSON.stringify(text)}.${didYouMean(text, words)}`)
  }
  return Object.assign(parse, { expected, fits: (value: unknown) => words.some((word) => word === value) })
}

/** Gathers the texts of an option that may be given more than once. */
export function texts(expected: string): Parser<readonly string[]> {
  const parse = (text: string, earlier: readonly string[] = []) => [...earlier, text]
  const fits = (value: unknown) => Array.isArray(value) && value.every((each) => typeof each === 'string')
  return Object.assign(parse, { expected, fits })
}
