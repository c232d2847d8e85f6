/** Timers with promises: `node:timers/promises`, which is also what `util.promisify(setTimeout)` gives. */
import timers from 'node:timers/promises'
import { forAgent } from '../../contracts/agent-error.js'
import type { VirtualClock } from '../clock.js'
import { shared } from '../shared.js'
import type { Patches } from './patches.js'

interface Options {
  readonly signal?: AbortSignal
  readonly ref?: boolean
}

/** `scheduler.yield` stays real, as `setImmediate` does: it takes a turn of the loop and no time. */
export function stubTimerPromises(patches: Patches): void {
  patches.replace(
    timers,
    'setTimeout',
    (original) =>
      function setTimeout(ms, value, options) {
        const clock = shared.ambient?.clock
        return clock && areOptions(options) ? wait(clock, ms, value, options) : original(ms, value, options)
      },
  )
  patches.replace(
    timers,
    'setInterval',
    (original) =>
      function setInterval(ms, value, options) {
        const clock = shared.ambient?.clock
        return clock && areOptions(options) ? ticks(clock, ms, value, options) : original(ms, value, options)
      },
  )
  const scheduler: object = Object.getPrototypeOf(timers.scheduler)
  patches.replace(
    scheduler,
    'wait',
    (original) =>
      function wait_(this: unknown, ms, options) {
        const clock = shared.ambient?.clock
        return clock && areOptions(options) ? wait(clock, ms, undefined, options) : original.call(this, ms, options)
      },
  )
}

/** What is not so is left to the real function, which rejects it in Node's own words. */
function areOptions(options: unknown): options is Options | undefined {
  if (options === undefined) return true
  if (typeof options !== 'object' || options === null) return false
  const { signal, ref } = options as Record<string, unknown>
  return (signal === undefined || signal instanceof AbortSignal) && (ref === undefined || typeof ref === 'boolean')
}

function abortError(signal: AbortSignal): Error {
  const error = new Error('The operation was aborted', { cause: signal.reason })
  return forAgent(Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' }))
}

function wait(
  clock: VirtualClock,
  ms: unknown,
  value: unknown,
  { signal, ref = true }: Options = {},
): Promise<unknown> {
  if (signal?.aborted) return Promise.reject(abortError(signal))
  return new Promise((resolve, reject) => {
    const timer = clock.setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve(value)
    }, ms)
    if (!ref) timer.unref()
    const abort = () => {
      timer.close()
      if (signal) reject(abortError(signal))
    }
    signal?.addEventListener('abort', abort, { once: true })
  })
}

async function* ticks(clock: VirtualClock, ms: unknown, value: unknown, { signal, ref = true }: Options = {}) {
  let due = 0
  let wake = () => {}
  const notify = () => wake()
  const timer = clock.setInterval(() => {
    due++
    wake()
  }, ms)
  if (!ref) timer.unref()
  signal?.addEventListener('abort', notify, { once: true })
  try {
    for (;;) {
      if (signal?.aborted) throw abortError(signal)
      if (due > 0) {
        due--
        yield value
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  } finally {
    timer.close()
    signal?.removeEventListener('abort', notify)
  }
}
