/**
 * Errors that are the user's to fix: the rule, what was expected, what came, where, and the nearest valid name. Anything
 * else that is thrown is a bug of ours.
 */
import leven from 'leven'
import { bears, errorBrand } from './error-brand.js'

/**
 * A mistake in what the package was given: a scenario, an option, a plan, a file. The message tells the rule, what was
 * expected and what came. Recognise it by `isUserError` or by its `code`, never by `instanceof`.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError'
  /** Always this text, in every version. */
  readonly code = 'AGENT_CHAOS_USAGE' as const
  /** Where the mistake stands: `file:line:column`, an option, or a position in a plan. `undefined` where nobody knows. */
  readonly where: string | undefined
  constructor(message: string, where?: string) {
    super(message)
    this.where = where
  }
  /** Tells errors of this package from others, whichever copy of it made them. */
  get [errorBrand](): true {
    return true
  }
}

/** Whether this is a `UserError`, also one that another copy of the package has made. Never throws. */
export function isUserError(error: unknown): error is UserError {
  return bears(error, 'AGENT_CHAOS_USAGE')
}

/** A user's mistake in a file or an option, on one line. */
export function withPlace(error: UserError): string {
  return error.where === undefined ? error.message : `${error.where}: ${error.message}`
}

/** The candidate nearest to `name` in spelling, if it is near enough to be what was meant. */
export function nearest(name: string, candidates: Iterable<string>, most = farthest(name)): string | undefined {
  let best: string | undefined
  let distanceLeast = most + 1
  for (const candidate of candidates) {
    const distance = leven(name, candidate, { maxDistance: distanceLeast })
    if (distance < distanceLeast) {
      best = candidate
      distanceLeast = distance
    }
  }
  return best
}

function farthest(name: string): number {
  return Math.max(2, Math.floor(name.length / 2))
}

/** ` Did you mean "x"?`, or nothing. */
export function didYouMean(name: string, candidates: Iterable<string>, most?: number): string {
  const candidate = nearest(name, candidates, most)
  return candidate === undefined ? '' : ` Did you mean "${candidate}"?`
}

/** A value in words, for a message that tells what came. */
export function say(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  if (value === undefined) return 'undefined'
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value)
  if (typeof value !== 'object') return typeof value === 'bigint' ? `${value}n` : String(value)
  if (value === null) return 'null'
  return isThenable(value) ? 'a promise' : Array.isArray(value) ? 'an array' : 'an object'
}

/** Whether it is to be awaited: a promise, or what query builders give. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
  try {
    return typeof Reflect.get(value, 'then') === 'function'
  } catch {
    return false
  }
}
