/**
 * One virtual timer, shaped as the `Timeout` that Node's `setTimeout` returns. Apart from the clock because agents hold
 * on to it and call it directly, also when their trial is long over.
 */
import { AsyncResource } from 'node:async_hooks'

export type TimerCallback = (...args: unknown[]) => unknown

/** What a timer asks of its clock. */
export interface Schedule {
  /** Where a timer that is started anew belongs: here, or with the clock of the trial that runs once this one is over. */
  heir(): Schedule
  arm(timer: VirtualTimer): void
  disarm(timer: VirtualTimer): void
}

export interface TimerOptions {
  readonly id: number
  readonly callback: TimerCallback
  readonly args: readonly unknown[]
  /** Virtual milliseconds, already made what Node makes of them. */
  readonly delayMs: number
  readonly repeats: boolean
  /** Set by the simulated world, and not by the agent's code. */
  readonly ofWorld: boolean
  /** Of the process's own, from before the trial. */
  readonly isBackground: boolean
  /** Of a connection's: whether nothing is asked over it now. */
  readonly isIdle?: (() => boolean) | undefined
}

/** Ids count from here, so that a number says whether it names a virtual or a real timer. */
export const firstTimerId = 2 ** 40

const brand = Symbol.for('agent-chaos.timer')

const delayMsMax = 2 ** 31 - 1

/** Node's reading of a delay: whole milliseconds, and 1 for what is below 1, above 2^31-1, or no number. */
export function delayMsOf(delay: unknown): number {
  const ms = Number(delay)
  return ms >= 1 && ms <= delayMsMax ? Math.trunc(ms) : 1
}

/** A timer of a virtual clock. As an `AsyncResource` it calls back in the async context in which it was made. */
export class VirtualTimer extends AsyncResource {
  #schedule: Schedule
  readonly #options: TimerOptions
  readonly [brand] = true
  #referenced = true
  #cleared = false

  constructor(schedule: Schedule, options: TimerOptions) {
    super('Timeout')
    this.#schedule = schedule
    this.#options = options
    schedule.arm(this)
  }

  /** Also of another copy of this package in the same process. */
  static is(value: unknown): value is VirtualTimer {
    return typeof value === 'object' && value !== null && brand in value
  }

  static idOf(timer: VirtualTimer): number {
    return timer.#options.id
  }

  static delayMs(timer: VirtualTimer): number {
    return timer.#options.delayMs
  }

  static repeats(timer: VirtualTimer): boolean {
    return timer.#options.repeats
  }

  /** Whether one that waits for it waits for nothing in particular. */
  static isIdleness(timer: VirtualTimer): boolean {
    const { repeats, isBackground } = timer.#options
    return repeats || isBackground || VirtualTimer.isOfIdleConnection(timer)
  }

  /** Whether it is of a connection over which nothing is asked now. */
  static isOfIdleConnection(timer: VirtualTimer): boolean {
    return timer.#options.isIdle?.() === true
  }

  static isOfWorld(timer: VirtualTimer): boolean {
    return timer.#options.ofWorld
  }

  /** Calls back; an interval is armed again afterwards, also when its callback throws, as Node does. */
  static fire(timer: VirtualTimer): void {
    const { callback, args, repeats } = timer.#options
    try {
      timer.runInAsyncScope(callback, timer, ...args)
    } finally {
      if (repeats && !timer.#cleared) timer.#schedule.arm(timer)
    }
  }

  ref(): this {
    this.#referenced = true
    return this
  }

  unref(): this {
    this.#referenced = false
    return this
  }

  hasRef(): boolean {
    return this.#referenced
  }

  /** Starts the delay anew, also after it has fired; a cleared timer stays cleared. */
  refresh(): this {
    if (this.#cleared) return this
    this.#schedule = this.#schedule.heir()
    this.#schedule.arm(this)
    return this
  }

  close(): this {
    this.#cleared = true
    this.#schedule.disarm(this)
    return this
  }

  [Symbol.toPrimitive](): number {
    return this.#options.id
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

// Agents and loggers that print a timer or ask for its constructor see what Node would show.
Object.defineProperty(VirtualTimer, 'name', { value: 'Timeout' })
