/**
 * How long a trial may take, in real time, and what is known of one that takes longer. A busy machine is not the agent's
 * doing. So time in which the process waited for a processor does not count. Each sign of progress begins the time anew,
 * up to a bound of its own.
 */
import type { KilledWhy } from '../../contracts/trace.js'
import { Silence } from '../../sandbox/silence.js'

/** How many times as long a trial may take that makes progress, and one that hardly gets a processor; once more for each request to the model. */
const longestFactor = 10

/** What a process did from one look to the next, in milliseconds. */
export interface TimePassed {
  readonly elapsedMs: number
  /** Of them: how long its main thread ran, and could have run and had no processor; nothing where that is not told. */
  readonly of: { readonly ranMs: number; readonly waitedMs: number } | undefined
}

export interface PatienceOptions {
  readonly spanMs: number
  readonly memoryMax: number
  readonly residentMb: () => number
}

/** Of one trial, or one load of a scenario. */
export class Patience {
  readonly #options: PatienceOptions
  readonly #silence: Silence
  readonly #silent = new Time()
  readonly #whole = new Time()
  #modelCalls = 0

  constructor(options: PatienceOptions) {
    this.#options = options
    this.#silence = new Silence(options.spanMs, options.memoryMax, options.residentMb)
  }

  /**
   * It has come to something new. How often a model may be asked has a bound. So a slow agent that has none of its own ends by
   * that one, as a quick one does, and not by real time.
   */
  progress(modelCalls = 0): void {
    this.#modelCalls = modelCalls
    this.#silence.reset()
    this.#silent.begin()
  }

  /** Why its process is to be ended now, if it is. */
  overAfter(passed: TimePassed): KilledWhy | undefined {
    const activeMs = this.#silent.add(passed)
    this.#whole.add(passed)
    const longestMs = this.#options.spanMs * longestFactor
    if (this.#silence.isTooLong(activeMs)) return why(this.#silent, 'unresponsive', 'blocked')
    if (this.#whole.activeMs >= longestMs + this.#modelCalls * this.#options.spanMs)
      return why(this.#whole, 'overlong', 'unknown')
    return this.#silent.elapsedMs >= longestMs && this.#silent.isWaiting ? 'starved' : undefined
  }
}

function why(time: Time, running: KilledWhy, idle: KilledWhy): KilledWhy {
  if (!time.isKnown) return 'unknown'
  return time.isRunning ? running : idle
}

/** The sums of some time. */
class Time {
  elapsedMs = 0
  activeMs = 0
  isKnown = true
  #ranMs = 0

  begin(): void {
    this.elapsedMs = 0
    this.activeMs = 0
    this.isKnown = true
    this.#ranMs = 0
  }

  /** Returns how much of it the process did not wait for a processor: below zero where it is told now of earlier waits. */
  add({ elapsedMs, of }: TimePassed): number {
    const activeMs = elapsedMs - (of?.waitedMs ?? 0)
    this.elapsedMs += elapsedMs
    this.activeMs += activeMs
    if (of) this.#ranMs += of.ranMs
    else this.isKnown = false
    return activeMs
  }

  /** Whether it ran for most of the time in which it could. */
  get isRunning(): boolean {
    return this.#ranMs * 2 >= this.activeMs
  }

  get isWaiting(): boolean {
    return this.activeMs * 2 < this.elapsedMs
  }
}
