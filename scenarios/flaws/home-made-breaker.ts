/**
 * A circuit breaker as it is written by hand in an afternoon: right in the main, with a flaw to choose. Apart, because
 * the flaws are in states that a library's breaker does not let anybody spoil.
 */
import { TimeoutStrategy, timeout } from 'cockatiel'
import { Failure } from '../agent/failure.js'
import { monotonicMs } from '../agent/monotonic.js'

export interface HomeMadeOptions {
  readonly afterFailures: number
  readonly resetMs: number
  /** How long a call is waited for before it counts as failed. */
  readonly msMax: number
  /** Half open, it lets through whatever comes, in place of one call to try. */
  readonly floods?: boolean
  /** A call that tries and fails does not make room for the next one to try: never, or where it fails by such an error. */
  readonly keepsPermit?: boolean | ((error: unknown) => boolean)
}

export class HomeMadeBreaker {
  readonly #options: HomeMadeOptions
  #failures = 0
  #openUntilMs: number | undefined
  #isTried = false
  /** Goes up when it opens and when it closes: what began before that says nothing about now. */
  #era = 0

  constructor(options: HomeMadeOptions) {
    this.#options = options
  }

  /** Rejects as `work` does; after `msMax`, with an error; and with a transient `Failure` while it is open. */
  async call<T>(work: () => Promise<T>): Promise<T> {
    this.#admit()
    const era = this.#era
    try {
      const result = await timeout(this.#options.msMax, TimeoutStrategy.Aggressive).execute(work)
      if (era === this.#era) this.#succeed()
      return result
    } catch (error) {
      if (era === this.#era) this.#fail(error)
      throw error
    }
  }

  #admit(): void {
    if (this.#openUntilMs === undefined) return
    if (monotonicMs() < this.#openUntilMs || (this.#isTried && !this.#options.floods)) {
      throw new Failure('CIRCUIT_OPEN', 'it has failed too often and is left alone for now', 'transient')
    }
    this.#isTried = true
  }

  #succeed(): void {
    if (this.#openUntilMs !== undefined) this.#era++
    this.#failures = 0
    this.#openUntilMs = undefined
    this.#isTried = false
  }

  #fail(error: unknown): void {
    const { keepsPermit = false } = this.#options
    if (!(typeof keepsPermit === 'function' ? keepsPermit(error) : keepsPermit)) this.#isTried = false
    if (++this.#failures < this.#options.afterFailures) return
    this.#openUntilMs = monotonicMs() + this.#options.resetMs
    this.#era++
  }
}
