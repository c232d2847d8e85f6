/** What a process did from one look at it to the next. */
import { type ProcessorTime, processorTime } from './figures.js'
import type { TimePassed } from './patience.js'

export class Looks {
  readonly #longestMs: number
  #lookedAt = performance.now()
  #spent: ProcessorTime | undefined

  /** What was said while nobody looked is still to be heard, so a late look counts for `longestMs` at most. */
  constructor(longestMs: number) {
    this.#longestMs = longestMs
  }

  /** Since the last one. A wait for a processor is told when it ends, so more of it may be told than has passed. */
  next(pid: number | undefined): TimePassed {
    const [now, spent] = [performance.now(), processorTime(pid)]
    const elapsedMs = Math.min(now - this.#lookedAt, this.#longestMs)
    const before = this.#spent ?? spent
    this.#lookedAt = now
    this.#spent = spent
    const isKnown = spent !== undefined && before !== undefined
    const of = isKnown ? { ranMs: spent.ranMs - before.ranMs, waitedMs: spent.waitedMs - before.waitedMs } : undefined
    return { elapsedMs, of }
  }
}
