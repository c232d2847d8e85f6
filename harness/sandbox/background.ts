/**
 * Timers that were set before any trial, as modules do when they load: a flush each second, a cache that is swept. They
 * belong to the process, and so hold no trial. In a trial they ring by its clock, for code may wait for what they do. The
 * real ones are let go of meanwhile, and keep quiet.
 */
import type { VirtualClock } from './clock.js'
import { shared } from './shared.js'
import type { Callable } from './stubs/patches.js'

interface Made {
  readonly callback: Callable
  readonly args: readonly unknown[]
  readonly ms: unknown
  readonly repeats: boolean
}

const every = shared.background as Set<BackgroundTimer>
const byTimer = new WeakMap<object, BackgroundTimer>()

/** One timer that is set for real, and rings in trials too. */
export class BackgroundTimer {
  readonly #made: Made
  #timer: NodeJS.Timeout | undefined
  #twin: NodeJS.Timeout | undefined
  #wasRef = false
  /** It was to ring in a trial, for real. */
  #missed = false

  private constructor(made: Made) {
    this.#made = made
  }

  /** Sets it, by the real function. */
  static set(original: Callable, made: Made): NodeJS.Timeout {
    const background = new BackgroundTimer(made)
    const ring = function (this: unknown, ...args: unknown[]) {
      if (shared.ambient) background.#missed = true
      else background.#ring(this, args)
    }
    const timer = original(ring, made.ms, ...made.args) as NodeJS.Timeout
    background.#timer = timer
    byTimer.set(timer, background)
    every.add(background)
    return timer
  }

  /** That of a timer that its owner clears. */
  static forget(timer: unknown): void {
    const is = (one: BackgroundTimer) => Number(one.#timer) === Number(timer)
    const background = typeof timer === 'object' && timer !== null ? byTimer.get(timer) : alive().find(is)
    if (background) background.#forget()
  }

  /** Whether it is set no more, and was not cleared by a function that is watched. */
  get isGone(): boolean {
    return !this.#missed && (this.#timer === undefined || Reflect.get(this.#timer, '_destroyed') === true)
  }

  /** One shot that would keep the process alive until it has rung, in so many milliseconds. */
  get holdsFor(): number {
    const holds = !this.#made.repeats && !this.isGone && this.#timer?.hasRef()
    return holds ? Math.max(1, Number(this.#made.ms) || 1) : 0
  }

  get lasts(): boolean {
    return this.#made.repeats || this.holdsFor > 0
  }

  letGo(): void {
    this.#wasRef = this.#timer?.hasRef() ?? false
    this.#timer?.unref()
  }

  takeBack(): void {
    this.#twin = undefined
    if (this.#wasRef) this.#timer?.ref()
    if (!this.#missed) return
    this.#missed = false
    // One shot that was due rings later than it would have; an interval has its next time.
    if (!this.#made.repeats) this.#timer?.refresh()
  }

  /** Rings by this clock from now on, if its code relies on it: one shot that nothing waits for need not. */
  arm(clock: VirtualClock): void {
    const { callback, args, ms, repeats } = this.#made
    if (!repeats && !this.#wasRef) return
    const ring = () => (repeats ? Reflect.apply(callback, this.#timer, args) : this.#ring(this.#timer, args))
    this.#twin = clock.setBackground(ring, ms, repeats) as unknown as NodeJS.Timeout
  }

  #ring(self: unknown, args: readonly unknown[]): void {
    if (!this.#made.repeats) {
      this.#forget()
      if (shared.ambient) shared.real.clearTimeout(this.#timer)
    }
    Reflect.apply(this.#made.callback, self, args)
  }

  #forget(): void {
    every.delete(this)
    this.#twin?.close()
  }
}

/** No timer of the process's own holds it from now on. Returns the undo. */
export function letGoOfBackground(): () => void {
  const timers = alive()
  for (const timer of timers) timer.letGo()
  return () => {
    for (const timer of timers) timer.takeBack()
  }
}

/** The process's own timers ring by this clock. */
export function armBackground(clock: VirtualClock): void {
  for (const timer of alive()) timer.arm(clock)
}

/** How long it takes until all single shots of the process's own, of no more than `mostMs`, have rung. */
export function backgroundShotsMs(mostMs: number): number {
  return Math.max(0, ...alive().map(({ holdsFor }) => (holdsFor <= mostMs ? holdsFor : 0)))
}

/** How many timers are set that go on by themselves: intervals, and single shots that hold the process. */
export function lastingTimers(): number {
  return alive().filter((timer) => timer.lasts).length
}

function alive(): BackgroundTimer[] {
  for (const timer of every) if (timer.isGone) every.delete(timer)
  return [...every]
}
