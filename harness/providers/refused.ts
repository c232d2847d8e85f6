/** Requests that an API refuses: how that is said from within the reading of one, and which model such a one named. */
import { isRecord } from '../contracts/checks.js'
import type { RefusalReason } from '../contracts/failure.js'

/** What is refused, and why in words of no vendor's. Each vendor adds its own terms. */
export interface RequestRefused {
  readonly status: number
  readonly message: string
  readonly reason: RefusalReason
}

/** A request that the API refuses; thrown while it is read, and answered by the session. */
export class Refused<E extends RequestRefused> extends Error {
  readonly #error: E
  constructor(error: E) {
    super(error.message)
    this.#error = error
  }
  /** What the API refuses by a thrown value, in the terms in which the same provider threw it; `undefined` for any other error. */
  static in<E extends RequestRefused>(thrown: unknown): E | undefined {
    return typeof thrown === 'object' && thrown !== null && #error in thrown
      ? (thrown.#error as unknown as E)
      : undefined
  }
}

/** The model that a refused request names, as far as it can be read. */
export function modelNamed(body: string): string {
  try {
    const value: unknown = JSON.parse(body)
    return isRecord(value) && typeof value.model === 'string' && value.model !== '' ? value.model : 'unknown'
  } catch {
    return 'unknown'
  }
}
