/**
 * What the value of an option may be, whoever takes it: in words, as a check, and as text on a command line. Apart from the
 * table of options, which says which option is of which kind.
 */
import type { Plan } from '../../../faults/plan/plan.js'
import type { Shard } from '../shard.js'

export interface Kind<Value> {
  /** What it is in the JSON of a report. */
  readonly form: 'flag' | 'text' | 'texts' | 'word' | 'whole' | 'number' | 'numbers' | 'shard' | 'object'
  /** After "expected", in every message and in the documentation. */
  readonly expected: string
  fits(value: unknown): value is Value
  /** What a text on the command line means, after `earlier` ones of the same option; `undefined` where it does not fit. */
  read?(text: string, earlier?: Value): Value | undefined
  /** The words that it may be, for the nearest one. */
  readonly words?: readonly string[]
  /** Of a number. */
  readonly range?: Range
  /** Of a list that is one text: what each of its parts is. */
  readonly each?: Kind<unknown>
}

export interface Range {
  readonly least: number
  readonly most: number
}

/** The command line gives it without a value: `--bail`, `--no-bail`. */
export const flag: Kind<boolean> = {
  form: 'flag',
  expected: 'true or false',
  fits: (value): value is boolean => typeof value === 'boolean',
}

export const text: Kind<string> = {
  form: 'text',
  expected: 'a string',
  fits: (value): value is string => typeof value === 'string',
  read: (given) => given,
}

/** Where a debugger finds a process: `9230`, `127.0.0.1:9230`. */
export const debuggerAddress: Kind<string> = {
  form: 'text',
  expected: 'a port from 0 to 65535, or a host and a port, such as 127.0.0.1:9229',
  fits: (value): value is string => {
    const port = typeof value === 'string' ? /^(?:[\w.-]+:)?(\d{1,5})$/.exec(value)?.[1] : undefined
    return port !== undefined && Number(port) <= 65_535
  },
  read: (given) => (debuggerAddress.fits(given) ? given : undefined),
}

/** It may be given more than once. */
export function texts(expected: string): Kind<readonly string[]> {
  const isText = (value: unknown) => typeof value === 'string' && value !== ''
  return {
    form: 'texts',
    expected,
    fits: (value): value is readonly string[] => Array.isArray(value) && value.every(isText),
    read: (given, earlier = []) => [...earlier, given],
  }
}

export function whole(range: Range): Kind<number> {
  const expected = `a whole number from ${range.least} to ${range.most}`
  const holds = (value: unknown) => Number.isInteger(value) && isWithin(value, range)
  return { ...numeric('whole', expected, /^[+-]?\d+$/, holds), range }
}

/** It may have a fraction. */
export function number(range: Range): Kind<number> {
  const expected = `a number from ${range.least} to ${range.most}`
  return { ...numeric('number', expected, /^[+-]?(\d+\.?\d*|\.\d+)$/, (value) => isWithin(value, range)), range }
}

function isWithin(value: unknown, { least, most }: Range): boolean {
  return typeof value === 'number' && value >= least && value <= most
}

function numeric(
  form: 'whole' | 'number',
  expected: string,
  pattern: RegExp,
  holds: (value: unknown) => boolean,
): Kind<number> {
  const fits = (value: unknown): value is number => holds(value)
  const read = (given: string) => (pattern.test(given) && fits(Number(given)) ? Number(given) : undefined)
  return { form, expected, fits, read }
}

/** A list, on the command line parted by commas. */
export function numbers(range: Range): Kind<readonly number[]> {
  const each = number(range)
  return {
    form: 'numbers',
    expected: `an array of numbers from ${range.least} to ${range.most}`,
    fits: (value): value is readonly number[] => Array.isArray(value) && value.every(each.fits),
    each,
  }
}

export function oneOf<const Word extends string>(words: readonly Word[]): Kind<Word> {
  const find = (value: unknown) => words.find((word) => word === value)
  return {
    form: 'word',
    expected: words.join(' or '),
    fits: (value): value is Word => find(value) !== undefined,
    read: find,
    words,
  }
}

const shardsMost = 10_000

/** `3/10` on the command line. */
export const shard: Kind<Shard> = {
  form: 'shard',
  expected: `a shard and how many there are, such as 3/10, each from 1 to ${shardsMost}`,
  fits: (value): value is Shard => {
    const { index, count } = (value ?? {}) as Partial<Shard>
    return [index, count].every(Number.isInteger) && isShard(Number(index), Number(count))
  },
  read: (given) => {
    const [, index = 0, count = 0] = /^(\d+)\/(\d+)$/.exec(given)?.map(Number) ?? []
    return isShard(index, count) ? { index, count } : undefined
  },
}

function isShard(index: number, count: number): boolean {
  return index >= 1 && index <= count && count <= shardsMost
}

/** What no text can say: it is handed in by code. `Value` is what the caller takes it for. */
export function handedIn<Value>(expected: string, holds: (value: unknown) => boolean): Kind<Value> {
  return { form: 'object', expected, fits: (value): value is Value => holds(value) }
}

/** A plan of faults: on a command line its text, in code as data too. */
export const plan: Kind<Plan | string> = {
  form: 'text',
  expected: 'a plan of faults, or its text',
  fits: (value): value is Plan | string => typeof value === 'string' || Array.isArray(value),
  read: (given) => given,
}
