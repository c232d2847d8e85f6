/**
 * What errors of this package are recognised by: a brand and a code, never their class. Packages get loaded twice: a
 * scenario's file may have another copy than the command line has, and the classes of two copies differ.
 */

/** The same symbol in every copy of the package that a process has loaded. */
export const errorBrand: unique symbol = Symbol.for('agent-chaos/error')

/** The codes of errors that leave the package. They never change. */
export type ErrorCode = 'AGENT_CHAOS_USAGE' | 'AGENT_CHAOS_NOT_RESILIENT'

/** Whether an error of this package, from whatever copy of it, has this code. */
export function bears(error: unknown, code: ErrorCode): boolean {
  if (typeof error !== 'object' || error === null) return false
  try {
    return Reflect.get(error, errorBrand) === true && Reflect.get(error, 'code') === code
  } catch {
    return false // What a proxy throws is no error of ours.
  }
}
