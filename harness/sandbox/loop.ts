/**
 * Says when virtual time may move. Not by polling for work in flight, which misses most kinds of it, but by the
 * liveness of the event loop. It drains exactly when the agent waits on nothing but time. Then one timer fires.
 */
import { firingsMax } from '../contracts/budget.js'
import type { FollowEnd, FollowOptions } from '../contracts/host.js'
import type { VirtualClock } from './clock.js'
import { onIdle } from './idle.js'
import { real } from './real.js'
import { releaseHeld } from './sequence.js'
import { shared } from './shared.js'
import { Silence } from './silence.js'

export interface DriveOptions extends FollowOptions {
  readonly clock: VirtualClock
  /** How many timers fire before the agent is taken for one that never ends. */
  readonly firingsMax?: number
}

/** Real milliseconds in which an answer that came in parts goes on, before its connection is held to idle. */
const answerGraceMs = 25
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
  #answersSeen = shared.answersHeard
  #firings = 0
  #drainFirings = 0
  #progressSeen = 0
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
    this.#options.onStep?.()
    if (this.#options.isStopped()) this.#finish({ kind: 'stopped' })
    else if (this.#arrivals()) keepAlive()
    else if (this.#answers()) real.setTimeout(() => {}, answerGraceMs)
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

  /** Whether something was heard over a connection since the last time, which may not have been all of it. */
  #answers(): boolean {
    const heard = shared.answersHeard !== this.#answersSeen
    this.#answersSeen = shared.answersHeard
    return heard
  }

  #endNow(): FollowEnd | undefined {
    const { clock, moreMs, firingsMax: most = firingsMax } = this.#options
    const horizonMs = this.#options.horizonMs + (moreMs?.() ?? 0)
    const nextAt = clock.nextAt()
    if (this.#options.isSettled()) {
      if (!this.#drained) this.#options.onDrained?.()
      this.#drained = true
      const drained = nextAt === undefined || nextAt > horizonMs || clock.onlyIdleness()
      return drained || this.#drainFirings++ >= drainFiringsMax ? { kind: 'settled' } : undefined
    }
    if (nextAt === undefined || clock.waitsForNothing()) return { kind: 'deadlock' }
    return nextAt > horizonMs || this.#firings >= most ? { kind: 'horizon' } : undefined
  }

  #fire(): void {
    if (this.#over) return
    this.#firings++
    this.#options.clock.fireNext()
  }

  #watch(): NodeJS.Timeout {
    const afterMs = this.#options.realLimitMs / looksAtRealWork
    return real.setTimeout(() => this.#checkProgress(afterMs), afterMs).unref()
  }

  /** A process that was stopped, or a machine that slept, comes here once and not as often as it would have. */
  #checkProgress(silentMs: number): void {
    const progress = this.#options.progress?.() ?? 0
    if (progress !== this.#progressSeen) this.#silence.reset()
    this.#progressSeen = progress
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
