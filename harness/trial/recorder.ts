/** Appends to the trace of the trial that runs, stamped with its virtual time, until the trial is over. */
import type { Unstamped } from '../contracts/crossing.js'
import type { TraceEvent } from '../contracts/trace.js'

/** Puts a name that is the same in every run in place of one that this machine made up. */
export interface PortableNames {
  /** Whether there is such a name. */
  readonly made: boolean
  portable(text: string): string
}

function portable(event: TraceEvent, names: PortableNames): TraceEvent {
  const text = JSON.stringify(event)
  const same = names.portable(text)
  return same === text ? event : (JSON.parse(same) as TraceEvent)
}

export class Recorder {
  readonly events: TraceEvent[]
  readonly now: () => number
  readonly #names: PortableNames
  readonly #onEvent: ((event: TraceEvent) => void) | undefined
  #closed = false

  /** `before` is what another process recorded of the same trial; `onEvent` is told of each that comes to it. */
  constructor(
    now: () => number,
    names: PortableNames,
    before: readonly TraceEvent[] = [],
    onEvent?: (event: TraceEvent) => void,
  ) {
    this.now = now
    this.#onEvent = onEvent
    this.#names = names
    this.events = [...before]
  }

  record(event: Unstamped): void {
    if (this.#closed)
      return // Every event is made for this call, so stamping it in place spares a copy on the hottest path there is.
    ;(event as { at?: number }).at = this.now()
    const stamped = this.#names.made ? portable(event as TraceEvent, this.#names) : (event as TraceEvent)
    this.events.push(stamped)
    this.#onEvent?.(stamped)
  }

  /** Nothing is recorded any more. */
  close(): void {
    this.#closed = true
  }
}
