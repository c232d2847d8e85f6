/** Timers with callbacks, global and of `node:timers`, and `AbortSignal.timeout`. */
import timers from 'node:timers'
import { forAgent } from '../../contracts/agent-error.js'
import { BackgroundTimer } from '../background.js'
import { shared } from '../shared.js'
import { firstTimerId, VirtualTimer } from '../timer.js'
import type { Callable, Patches } from './patches.js'

/** Timers are set on the trial's clock while one is entered; each is cleared where it was set. */
export function stubTimers(patches: Patches): void {
  for (const owner of [timers, globalThis]) {
    patches.replace(
      owner,
      'setTimeout',
      (original) =>
        function setTimeout(callback, ms, ...args) {
          const clock = shared.ambient?.clock
          // The real one rejects what is no function, in Node's own words.
          if (typeof callback !== 'function') return original(callback, ms, ...args)
          if (!clock) return BackgroundTimer.set(original, { callback: callback as Callable, args, ms, repeats: false })
          return clock.setTimeout(callback as Callable, ms, ...args)
        },
    )
    patches.replace(
      owner,
      'setInterval',
      (original) =>
        function setInterval(callback, ms, ...args) {
          const clock = shared.ambient?.clock
          if (typeof callback !== 'function') return original(callback, ms, ...args)
          if (!clock) return BackgroundTimer.set(original, { callback: callback as Callable, args, ms, repeats: true })
          return clock.setInterval(callback as Callable, ms, ...args)
        },
    )
    patches.replace(owner, 'clearTimeout', clearing)
    patches.replace(owner, 'clearInterval', clearing)
  }
  stubSignalTimeout(patches)
}

function clearing(original: Callable): Callable {
  return function clearTimer(timer) {
    if (VirtualTimer.is(timer)) timer.close()
    else if (isVirtualId(timer)) shared.ambient?.clock.clear(timer)
    else {
      if (timer !== undefined && timer !== null) BackgroundTimer.forget(timer)
      original(timer)
    }
  }
}

function isVirtualId(value: unknown): boolean {
  return (typeof value === 'number' || typeof value === 'string') && Number(value) >= firstTimerId
}

function stubSignalTimeout(patches: Patches): void {
  patches.replace(
    AbortSignal,
    'timeout',
    (original) =>
      function timeout(this: unknown, ms) {
        const clock = shared.ambient?.clock
        const isDelay = typeof ms === 'number' && Number.isInteger(ms) && ms >= 0 && ms <= Number.MAX_SAFE_INTEGER
        if (!clock || !isDelay) return original.call(this, ms)
        const controller = new AbortController()
        const expire = () =>
          controller.abort(forAgent(new DOMException('The operation was aborted due to timeout', 'TimeoutError')))
        clock.setTimeout(expire, ms).unref()
        return controller.signal
      },
  )
}
