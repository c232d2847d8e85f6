/** What is wrong with data, in words: apart, so that who reads a small file does not load what a report may hold. */
import type { ZodError } from 'zod'
import { say } from '../contracts/errors.js'
import { type JsonPath, tellPath } from '../contracts/json-text.js'

/** The first mistake, and where it stands. */
export function problemOf({ issues: [first] }: ZodError, before: JsonPath = []): string {
  const path = tellPath([...before, ...(first?.path ?? [])])
  const problem = (first?.message ?? 'unknown').replace(/^Invalid \w+: /, '').replace(', received ', ', got ')
  // It is there where the schema was asked to report it.
  const came = first && 'input' in first && !problem.includes(', got ') ? `, got ${say(first.input)}` : ''
  return `${path === '' ? '' : `${path}: `}${problem}${came}`
}
