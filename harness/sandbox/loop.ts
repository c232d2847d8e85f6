/**
 * Says when virtual time may move. Not by polling for work in flight, which misses most kinds of it, but by the
 * liveness of the event loop. It drains exactly when the agent waits on nothing but time. Then one timer fires.
 */
import type { FollowEnd, FollowOptions } from '../contracts/host.js'
import type { VirtualClock } from './clock.js'
import { onIdle } from './idle.js'
import { real } from './real.js'
import { releaseHeld } from './sequence.js'
import { shared } from './shared.js'
import { Silence } from './silence.js'

export interface DriveOptions extends FollowOptions {
  readonly clock: VirtualClock
}

/** How many timers fire after the agent has answered, before the rest is taken for endless. */
const drainFiringsMax = 10_000
/** How often it is looked for real work that does not end, in the time that it may take. */
const looksAtRealWork = 10

/** Follows the trial to its end. The agent must have been started; one at a time. */
export function drive(options: DriveOptions): Promise<FollowEnd> {
  return new Promise((resolve) => new Drive(options, resolve))
}

class Drive {
  readonly #options: DriveOptions
  readonly #resolve: (end: FollowEnd) => void
  readonly #ignoreIdle: () => void
  #watchdog: NodeJS.Timeout
  readonly #silence: Silence
  #messagesSeen = 0
  #drainFirings = 0
  #drained = false
  #over = false

  constructor(options: DriveOptions, resolve: (end: FollowEnd) => void) {
    this.#options = options
    this.#resolve = resolve
    this.#ignoreIdle = onIdle(() => this.#look())
    const { realLimitMs, memoryMbMax = Number.POSITIVE_INFINITY } = options
    this.#silence = new Silence(realLimitMs, memoryMbMax, () => real.rss() / 1e6)
    this.#watchdog = this.#watch()
    void options.until?.then(() => this.#finish({ kind: 'settled' }))
  }

  /** The event loop has drained: nothing real is in flight. */
  #look(): void {
    this.#silence.reset()
    if (this.#options.isStopped()) this.#finish({ kind: 'stopped' })
    else if (this.#arrivals()) keepAlive()
    else this.#step(this.#endNow())
  }

  #step(end: FollowEnd | undefined): void {
    if (end) this.#finish(end)
    // In a turn of its own, where what a callback throws is an uncaught exception as it is for a real timer.
    else real.setImmediate(() => this.#fire())
  }

  /** Whether something is under way that does not hold the loop: messages between ports, completions held for order. */
  #arrivals(): boolean {
    const posted = shared.messagesPosted !== this.#messagesSeen
    this.#messagesSeen = shared.messagesPosted
    return releaseHeld() || posted
  }

  #endNow(): FollowEnd | undefined {
    const { clock, moreMs } = this.#options
    const horizonMs = this.#options.horizonMs + (moreMs?.() ?? 0)
    const nextAt = clock.nextAt()
    if (this.#options.isSettled()) {
      if (!this.#drained) this.#options.onDrained?.()
      this.#drained = true
      const drained = nextAt === undefined || nextAt > horizonMs || clock.onlyIntervals()
      return drained || this.#drainFirings++ >= drainFiringsMax ? { kind: 'settled' } : undefined
    }
    if (nextAt === undefined) return { kind: 'deadlock' }
    return nextAt > horizonMs ? { kind: 'horizon' } : undefined
  }

  #fire(): void {
    if (!this.#over) this.#options.clock.fireNext()
  }

  #watch(): NodeJS.Timeout {
    const afterMs = this.#options.realLimitMs / looksAtRealWork
    return real.setTimeout(() => this.#checkProgress(afterMs), afterMs).unref()
  }

  /** A process that was stopped, or a machine that slept, comes here once and not as often as it would have. */
  #checkProgress(silentMs: number): void {
    if (!this.#silence.isTooLong(silentMs)) this.#watchdog = this.#watch()
    else if (this.#options.isStopped()) this.#finish({ kind: 'stopped' })
    else this.#finish({ kind: 'stuck', resources: process.getActiveResourcesInfo() })
  }

  #finish(end: FollowEnd): void {
    if (this.#over) return
    this.#over = true
    real.clearTimeout(this.#watchdog)
    this.#ignoreIdle()
    // The loop has drained: without this the process would end before the promise's continuation could start anything.
    keepAlive()
    this.#resolve(end)
  }
}

function keepAlive(): void {
  real.setImmediate(() => {})
}
