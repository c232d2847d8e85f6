/**
 * Makes a host process fit for trials. A test runner keeps handles of its own open, and while they hold the event loop
 * it never drains and virtual time cannot move. They are let go of for the length of a trial. Where that is not enough,
 * it is found out before the first trial, because a refused trial is better than a wrong verdict.
 */
import { EventEmitter } from 'node:events'
import { letGoOfBackground } from './background.js'
import { onIdle } from './idle.js'
import { settleLines } from './lines.js'
import { real } from './real.js'
import { shared } from './shared.js'

interface Handle {
  ref(): unknown
  unref(): unknown
}

/**
 * Unrefs every handle that holds the event loop now: IPC channels, message ports, servers, watchers. Returns the undo,
 * which refs them again. Timers cannot be listed and stay, but for those of runners that are known.
 */
export function holdBack(): () => void {
  const takeHandles = letGoOfHandles()
  const takeTimers = letGoOfTimers()
  const takeBackground = letGoOfBackground()
  return () => {
    takeHandles()
    takeTimers()
    takeBackground()
    settleLines()
  }
}

function letGoOfHandles(): () => void {
  const handles = activeHandles()
  onOwnAccount(() => {
    for (const handle of handles) handle.unref()
  })
  return () => {
    onOwnAccount(() => {
      for (const handle of handles.splice(0)) handle.ref()
    })
  }
}

/** Vitest says how its tests go every so often, by a timer that it keeps to itself. A trial would wait for it. */
const runnersTimerMs = 100

function letGoOfTimers(): () => void {
  const timers = timersOf(runnersTimerMs).filter((timer) => timer.hasRef())
  for (const timer of timers) timer.unref()
  return () => {
    for (const timer of timers) if (Reflect.get(timer, '_destroyed') !== true) timer.ref()
  }
}

/** Node keeps timers of one length in a ring, by a field without documentation. Without it none is found. */
function timersOf(ms: number): NodeJS.Timeout[] {
  const own = real.setTimeout(() => {}, ms)
  const found: NodeJS.Timeout[] = []
  let one: unknown = Reflect.get(own, '_idlePrev')
  while (typeof one === 'object' && one !== null && one !== own) {
    if (isHandle(one)) found.push(one as NodeJS.Timeout)
    one = Reflect.get(one, '_idlePrev')
  }
  real.clearTimeout(own)
  return found
}

function onOwnAccount(act: () => void): void {
  shared.holdingBack = true
  try {
    act()
  } finally {
    shared.holdingBack = false
  }
}

const limitMsDefault = 1_000
/** How often it is looked for handles that have come since, as a server does that still had its address to find. */
const looksAtHandles = 50

/**
 * Whether the event loop of this process drains once its own handles are held back. To be asked with nothing of ours in
 * flight. Answers false after `limitMs` real milliseconds in which it did not.
 */
export function loopDrains(limitMs: number = limitMsDefault): Promise<boolean> {
  if (!isNode || !isMainRealm()) return Promise.resolve(false)
  return new Promise((resolve) => {
    const releases = [holdBack()]
    const release = () => {
      for (const each of releases.splice(0)) each()
    }
    const looks = real.setInterval(() => releases.push(letGoOfHandles()), limitMs / looksAtHandles).unref()
    const answer = (drains: boolean) => {
      real.clearInterval(looks)
      real.clearTimeout(limit)
      ignoreIdle()
      real.setImmediate(() => {})
      release()
      resolve(drains)
    }
    const ignoreIdle = onIdle(() => answer(true))
    // In a process that was stopped meanwhile the limit comes first although the loop is about to drain: it has one turn more.
    const limit = real.setTimeout(() => real.setImmediate(() => answer(false)).unref(), limitMs).unref()
  })
}

/** Bun and Deno have event loops of their own, and what stands in for Node's modules was made for Node's. */
const isNode = process.versions.bun === undefined && process.versions.deno === undefined

/**
 * In a vm context (Jest; Vitest's vm pools) `process` is a copy that never hears of the event loop. A loop that drains
 * there ends the process.
 */
function isMainRealm(): boolean {
  return EventEmitter.prototype instanceof Object
}

/** Only the handles that hold the loop. Node lists them through no documented function; without this one nothing is held back. */
export function activeHandles(): Handle[] {
  const list: unknown = Reflect.get(process, '_getActiveHandles')
  if (typeof list !== 'function') return []
  return (list.call(process) as unknown[]).filter(isHandle)
}

function isHandle(value: unknown): value is Handle {
  if (typeof value !== 'object' || value === null) return false
  return typeof Reflect.get(value, 'ref') === 'function' && typeof Reflect.get(value, 'unref') === 'function'
}
