/**
 * What belongs to the process and not to one copy of this package. That is the real functions, the trial that is
 * entered, and how to take the stubs away. It hangs on `globalThis` because test runners load modules more than once. A
 * second copy must neither put stubs upon stubs nor take stubs for the real thing.
 */

interface ProcessWide {
  readonly real: ReturnType<typeof capture>
  /** The trial that runs; `shared.ts` knows of what type it is. */
  ambient: unknown
  /** The completions of that trial's file operations. */
  sequence: unknown
  /** Takes the stubs away; `undefined` while there are none. */
  uninstall: (() => void) | undefined
  /** Messages posted through ports since the trial was entered. */
  messagesPosted: number
  /** Timers that were set while no trial was entered, as `background.ts` knows them. */
  readonly background: Set<unknown>
  /** Connections that this process made, as `lines.ts` knows them. */
  readonly lines: Set<unknown>
  /** Answers that came over them. */
  answersHeard: number
  /** Programs that were started since the trial was entered. */
  readonly started: Set<string>
  /** Readings of time and chance that no trial owns, since the trial was entered; `undefined` where nobody asks. */
  unowned: Map<string, unknown> | undefined
  /** Paths outside the trial's folder that were written to since the trial was entered. */
  readonly written: Set<string>
  /** Threads that are at work. */
  threads: number
  /** Handles are being let go of, or taken back, on the harness's own account. */
  holdingBack: boolean
}

const key = Symbol.for('agent-chaos.process/1')

/** The state that every copy of this package in this process reads and writes. */
export const processWide = find() ?? create()

function find(): ProcessWide | undefined {
  return Reflect.get(globalThis, key) as ProcessWide | undefined
}

function create(): ProcessWide {
  const value: ProcessWide = {
    real: capture(),
    ambient: undefined,
    sequence: undefined,
    uninstall: undefined,
    messagesPosted: 0,
    background: new Set(),
    lines: new Set(),
    answersHeard: 0,
    started: new Set(),
    unowned: undefined,
    written: new Set(),
    threads: 0,
    holdingBack: false,
  }
  Object.defineProperty(globalThis, key, { value, configurable: true })
  return value
}

function capture() {
  const { performance, process } = globalThis
  return {
    Date: globalThis.Date,
    /** Wall-clock milliseconds since 1970. */
    now: globalThis.Date.now,
    /** Monotonic milliseconds since the process began. */
    performanceNow: performance.now.bind(performance),
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    setInterval: globalThis.setInterval,
    clearInterval: globalThis.clearInterval,
    setImmediate: globalThis.setImmediate,
    clearImmediate: globalThis.clearImmediate,
    fetch: globalThis.fetch,
    random: Math.random,
    exit: process.exit.bind(process),
    /** Resident bytes of this process. */
    rss: process.memoryUsage.rss,
  }
}
