/** Files that a run reads before its trials and writes anew after them. */
import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { UserError } from '../contracts/errors.js'
import { isSystemError, reasonOf } from '../contracts/system-error.js'

/** Nothing where there is no such file. Throws a `UserError` for what is another one than `what`. */
export function readKept<Kept>(path: string, shown: string, schema: z.ZodType<Kept>, what: string): Kept | undefined {
  const text = textOf(path, shown)
  if (text === undefined) return undefined
  const { data, error } = schema.safeParse(parse(text, shown))
  if (data !== undefined) return data
  const [issue] = error?.issues ?? []
  throw new UserError(`expected ${what}: ${issue?.path.join('.')}: ${issue?.message}`, shown)
}

function textOf(path: string, shown: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined
    throw new UserError(reasonOf(error), shown)
  }
}

function parse(text: string, shown: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UserError(`expected JSON: ${error instanceof Error ? error.message : String(error)}`, shown)
  }
}
