/** Numbers and words of the system's errors, as this platform has them. They are Node's own, and differ from system to system. */
import { getSystemErrorMap } from 'node:util'

/** Throws for a name that is none. */
export function systemErrorOf(name: string): { readonly errno: number; readonly says: string } {
  for (const [errno, [candidate, says]] of getSystemErrorMap()) if (candidate === name) return { errno, says }
  throw new Error(`${name} is no system error that this version of Node knows`)
}

/** What `getaddrinfo` fails with where there is no such host: a number of Node's own, on no list. */
export const notFoundErrno = -3008
