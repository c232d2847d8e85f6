/** Numbers on the command line, each checked where it is given: the rule, what is expected, what came. */
import { UserError } from '../errors.js'
import type { Shard } from '../shard.js'

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
