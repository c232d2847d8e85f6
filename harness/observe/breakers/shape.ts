/** Whether what was handed over as a breaker is one: libraries are known by their shape, for none of them is imported. */
import { UserError } from '../../contracts/errors.js'

/** Throws a `UserError` unless `given` is an object with these functions. */
export function expectShape(given: unknown, what: string, functions: readonly string[]): void {
  const missing = isObject(given) ? functions.filter((name) => typeof Reflect.get(given, name) !== 'function') : []
  if (isObject(given) && missing.length === 0) return
  const came = isObject(given) ? `an object without ${missing.join(', ')}` : String(given)
  throw new UserError(`observe: expected ${what}, with ${functions.join(', ')}; got ${came}`)
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
