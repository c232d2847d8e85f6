/**
 * The clock of one trial: virtual milliseconds and the timers set on them. It knows no event loop and no globals. When
 * time may move is `loop.ts`'s to say, and how the agent's code comes to this clock is `stubs/`'s.
 */
import type { Clock, ClockSnapshot, SetTimers } from '../contracts/host.js'
import { processWide } from './process-wide.js'
import { delayMsOf, firstTimerId, type Schedule, type TimerCallback, type TimerOptions, VirtualTimer } from './timer.js'

/** Wall-clock time at which every trial begins: 2026-01-01T00:00:00.000Z, in milliseconds since 1970. */
export const epochMs: number = Date.UTC(2026, 0, 1)

/** How often the agent may read the clock between two timers before it is taken to wait for time to pass by looking. */
const readingsMax = 100_000
/** And how many further readings make a millisecond. */
const readingsPerMs = 100

/** How many lengths of timers are remembered. */
const waitsMax = 64

interface ArmedTimer {
  readonly at: number
  /** Timers of the same time fire in the order in which they were set. */
  readonly turn: number
  readonly timer: VirtualTimer
}

/** Virtual time and its timers, with Node's semantics. It moves only when `fireNext` is called. */
export class VirtualClock implements Clock {
  /** The next one last, so that firing is a pop. */
  readonly #queue: ArmedTimer[] = []
  readonly #armed = new Map<VirtualTimer, ArmedTimer>()
  readonly #schedule: Schedule = {
    arm: (timer) => this.#arm(timer),
    disarm: (timer) => this.#disarm(timer),
    heir: () => this.#heir(),
  }
  /** Timers of the world's own. */
  readonly #durable = new WeakSet<VirtualTimer>()
  /** Lengths of the timers that the agent's code has set. */
  readonly #waits = new Set<number>()
  #nowMs: number
  #jumpedMs: number
  #turns = 0
  #ids = firstTimerId
  #readings = 0
  /** Between a crash and the next start: what is set then belongs to a process that is gone. */
  #processless = false
  #stopped = false

  /** A clock that goes on where another process's stopped: `nowMs` since the trial began, wall clock off by `jumpedMs`. */
  constructor({ nowMs, jumpedMs }: ClockSnapshot = { nowMs: 0, jumpedMs: 0 }) {
    this.#nowMs = nowMs
    this.#jumpedMs = jumpedMs
  }

  snapshot(): ClockSnapshot {
    return { nowMs: this.#nowMs, jumpedMs: this.#jumpedMs }
  }

  /** Virtual milliseconds since the trial began; never goes back. */
  now(): number {
    return this.#nowMs
  }

  /** Wall-clock milliseconds since 1970, as the agent's `Date` shows them. */
  wallNow(): number {
    return epochMs + this.#nowMs + this.#jumpedMs
  }

  /** Moves the wall clock by `ms`, forwards or back; monotonic time and timers stay. */
  jump(ms: number): void {
    this.#jumpedMs += ms
  }

  /**
   * This clock, about to be read by the agent's code. Whoever reads it over and over, as in `while (Date.now() < end);`,
   * sees time pass at last. It goes by a count, so that it is the same on every machine.
   */
  observe(): this {
    if (++this.#readings > readingsMax && this.#readings % readingsPerMs === 0) this.#nowMs++
    return this
  }

  setTimeout(callback: TimerCallback, ms?: unknown, ...args: unknown[]): VirtualTimer {
    if (this.#waits.size < waitsMax) this.#waits.add(delayMsOf(ms))
    return this.#set(callback, ms, args)
  }

  setInterval(callback: TimerCallback, ms?: unknown, ...args: unknown[]): VirtualTimer {
    return this.#set(callback, ms, args, { repeats: true })
  }

  /** A timer of the process's own, which was set before the trial: nothing is held by it. */
  setBackground(callback: TimerCallback, ms: unknown, repeats: boolean): VirtualTimer {
    return this.#set(callback, ms, [], { repeats, isBackground: true }).unref()
  }

  /** A timer of a connection's, which does not keep a process alive; it is idleness for as long as `isIdle` says so. */
  setIdleTimeout(callback: TimerCallback, ms: unknown, isIdle: () => boolean): VirtualTimer {
    return this.#set(callback, ms, [], { isIdle }).unref()
  }

  /** Drops a timer, given as the object or as its numeric id; anything else is ignored, as Node does. */
  clear(timer: unknown): void {
    if (VirtualTimer.is(timer)) timer.close()
    else if (typeof timer === 'number' || typeof timer === 'string') this.#withId(Number(timer))?.close()
  }

  /** Resolves `ms` virtual milliseconds later (at once for 0 and less); rejects with the signal's reason on abort. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason)
    if (ms <= 0) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const abort = () => {
        timer.close()
        reject(signal?.reason)
      }
      const elapse = () => {
        signal?.removeEventListener('abort', abort)
        resolve()
      }
      const timer = this.#set(elapse, ms, [], { ofWorld: true })
      signal?.addEventListener('abort', abort, { once: true })
    })
  }

  /** Resolves `ms` virtual milliseconds later, also when the agent crashes meanwhile: it is the world that waits. */
  sleepOn(ms: number): Promise<void> {
    if (ms <= 0) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = this.#set(() => resolve(), ms, [], { ofWorld: true })
      this.#durable.add(timer)
      if (this.#processless) this.#arm(timer)
    })
  }

  /**
   * The agent's process is gone, and its timers are dropped. Those that its code still sets in the same breath, or when
   * a file that it was reading has come, never fire.
   */
  processEnded(): void {
    this.#processless = true
    for (const { timer } of [...this.#queue]) if (!this.#durable.has(timer)) this.#disarm(timer)
  }

  /** The agent's process was started again. */
  processBegins(): void {
    this.#processless = false
  }

  /** When the next timer is due, in virtual milliseconds; `undefined` where none is set. */
  nextAt(): number | undefined {
    return this.#queue.at(-1)?.at
  }

  /** What the agent's code has set and not let go of; with one of these Node would keep its process alive. */
  heldTimers(): SetTimers[] {
    const held = this.#queue.filter(({ timer }) => timer.hasRef() && !VirtualTimer.isOfWorld(timer))
    const lengths = { timers: [] as number[], intervals: [] as number[] }
    for (const { at, timer } of held) {
      if (VirtualTimer.repeats(timer)) lengths.intervals.push(VirtualTimer.delayMs(timer))
      else lengths.timers.push(at - this.#nowMs)
    }
    return (['timers', 'intervals'] as const)
      .map((what) => ({ what, count: lengths[what].length, longestMs: Math.max(0, ...lengths[what]) }))
      .filter(({ count }) => count > 0)
  }

  /** Lengths of the timers that the agent's code has set, each once, ascending. Of many, those that came first. */
  waits(): readonly number[] {
    return [...this.#waits].sort((left, right) => left - right)
  }

  /** Whether at least one timer is set, and none but those that stand for idleness: intervals, and what the process had before. */
  onlyIdleness(): boolean {
    return this.#queue.length > 0 && this.#queue.every(({ timer }) => VirtualTimer.isIdleness(timer))
  }

  /** Whether no timer is set that anything could wait for. */
  waitsForNothing(): boolean {
    return this.#queue.every(({ timer }) => VirtualTimer.isOfIdleConnection(timer))
  }

  /** Moves time to the next timer and fires that one alone. What its callback throws is thrown. */
  fireNext(): void {
    const due = this.#queue.at(-1)
    if (!due) return
    this.#disarm(due.timer)
    this.#nowMs = Math.max(this.#nowMs, due.at)
    this.#readings = 0
    VirtualTimer.fire(due.timer)
  }

  /** Drops all timers, the world's too; those that are set afterwards fire. */
  drop(): void {
    this.#processless = false
    this.#queue.length = 0
    this.#armed.clear()
  }

  /** Drops all timers for good; one that is set afterwards never fires. */
  stop(): void {
    this.drop()
    this.#stopped = true
  }

  #set(
    callback: TimerCallback,
    ms: unknown,
    args: readonly unknown[],
    { repeats = false, ofWorld = false, isBackground = false, isIdle }: Partial<TimerOptions> = {},
  ): VirtualTimer {
    const options = { id: this.#ids++, callback, args, delayMs: delayMsOf(ms), repeats, ofWorld, isBackground, isIdle }
    return new VirtualTimer(this.#schedule, options)
  }

  #arm(timer: VirtualTimer): void {
    this.#disarm(timer)
    if (this.#stopped || (this.#processless && !this.#durable.has(timer))) return
    const due = { at: this.#nowMs + VirtualTimer.delayMs(timer), turn: this.#turns++, timer }
    this.#queue.splice(this.#position(due), 0, due)
    this.#armed.set(timer, due)
  }

  /** Module-level timers outlive a trial (undici has one): refreshed in a later trial, they belong to that one. */
  #heir(): Schedule {
    const next = (processWide.ambient as { readonly clock: VirtualClock } | undefined)?.clock
    return this.#stopped && next && #schedule in next ? next.#schedule : this.#schedule
  }

  #disarm(timer: VirtualTimer): void {
    const due = this.#armed.get(timer)
    if (!due) return
    this.#queue.splice(this.#position(due), 1)
    this.#armed.delete(timer)
  }

  /** Where `due` stands in the queue, or would stand. */
  #position(due: ArmedTimer): number {
    let low = 0
    let high = this.#queue.length
    while (low < high) {
      const middle = (low + high) >> 1
      const other = this.#queue[middle]
      if (other && (other.at > due.at || (other.at === due.at && other.turn > due.turn))) low = middle + 1
      else high = middle
    }
    return low
  }

  #withId(id: number): VirtualTimer | undefined {
    for (const timer of this.#armed.keys()) if (VirtualTimer.idOf(timer) === id) return timer
    return undefined
  }
}
