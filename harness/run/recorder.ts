/** Appends to the trace of the trial that runs, stamped with its virtual time, until the trial is over. */
import type { Unstamped } from '../crossing.js'
import type { TraceEvent } from '../trace.js'

export class Recorder {
  readonly events: TraceEvent[] = []
  readonly now: () => number
  #closed = false

  constructor(now: () => number) {
    this.now = now
  }

  record(event: Unstamped): void {
    if (this.#closed)
      return // Every event is made for this call, so stamping it in place spares a copy on the hottest path there is.
    ;(event as { at?: number }).at = this.now()
    this.events.push(event as TraceEvent)
  }

  /** Nothing is recorded any more. */
  close(): void {
    this.#closed = true
  }
}
