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
    if (!this.#closed) this.events.push({ at: this.now(), ...event } as TraceEvent)
  }

  /** Nothing is recorded any more. */
  close(): void {
    this.#closed = true
  }
}
