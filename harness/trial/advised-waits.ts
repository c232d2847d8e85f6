/**
 * How long an agent was told to wait, in all. To wait as told is no endless loop, so that a trial grants the time for it
 * beside what the budget allows. What it costs is the budget's to judge.
 */
import { retryAfterMs } from '../contracts/retry-after.js'
import type { TraceEvent } from '../contracts/trace.js'

export class AdvisedWaits {
  readonly #events: readonly TraceEvent[]
  readonly #wallMs: () => number
  #seen = 0
  #ms = 0

  constructor(events: readonly TraceEvent[], wallMs: () => number) {
    this.#events = events
    this.#wallMs = wallMs
  }

  /** Virtual milliseconds by now. */
  get ms(): number {
    for (; this.#seen < this.#events.length; this.#seen++) {
      const event = this.#events[this.#seen]
      if (event?.kind !== 'return' || event.outcome.kind !== 'failed') continue
      this.#ms += retryAfterMs(event.outcome.error.retryAfter, this.#wallMs()) ?? 0
    }
    return this.#ms
  }
}
