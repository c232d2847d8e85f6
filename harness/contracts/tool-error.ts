/**
 * Errors that come as values. Apart, because it is a convention of tools and of frameworks, and no property of a trace or
 * of a vendor's wire.
 */
import type { Json } from '../../faults/json.js'

/**
 * Whether a tool's output tells of an error as a value: `isError` or `is_error` set, or an `error` or `error_type` field,
 * as the Model Context Protocol and the common frameworks have it. A text may be JSON of such a value.
 */
export function reportsError(output: Json | undefined): boolean {
  const value = typeof output === 'string' ? errorIn(output) : output
  if (typeof value !== 'object' || value === null) return false
  const { isError, is_error, error, error_type } = value as Record<string, unknown>
  return isError === true || is_error === true || Boolean(error) || Boolean(error_type)
}

function errorIn(text: string): unknown {
  if (!/error/i.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
