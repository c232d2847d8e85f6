/** Files that a run reads before its trials and writes anew after them. */
import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { UserError } from '../contracts/errors.js'
import { lineOf, parseJson } from '../contracts/json-text.js'
import { isSystemError, reasonOf } from '../contracts/system-error.js'
import { problemOf } from './problem.js'

/** Nothing where there is no such file. Throws a `UserError`, with the line, for what is another one than `what`. */
export function readKept<Kept>(path: string, shown: string, schema: z.ZodType<Kept>, what: string): Kept | undefined {
  const text = textOf(path, shown)
  if (text === undefined) return undefined
  const { data, error } = schema.safeParse(parseJson(text, `expected ${what}`, shown), { reportInput: true })
  if (error === undefined) return data
  throw new UserError(`expected ${what}: ${problemOf(error)}`, `${shown}:${lineOf(text, error.issues[0]?.path ?? [])}`)
}

function textOf(path: string, shown: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined
    throw new UserError(reasonOf(error), shown)
  }
}
