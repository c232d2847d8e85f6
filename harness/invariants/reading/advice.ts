/**
 * What a server advised about coming back. Apart, because one oracle asks that it is heeded, and another forgives an
 * agent that will not wait so long.
 */
import { retryAfterMs, waitable } from '../../contracts/retry-after.js'
import type { Crossing, ErrorFacts, Trace } from '../../contracts/trace.js'
import { clockMoved, trialEpochMs } from './wall-time.js'

/** Milliseconds that the server asked to wait for, from its answer on. */
export interface Advice {
  /** Whoever comes back sooner was told not to; `undefined` where nothing was said that can be followed. */
  readonly leastMs: number | undefined
  /** Whoever waits so long has heeded something that was said. */
  readonly enoughMs: number | undefined
  /** What the most patient client waits for: the longest of what was said. */
  readonly longestMs: number | undefined
}

/**
 * What `retry-after` holds that cannot be followed counts as none. `retry-after-ms` is no standard, so that nobody must
 * know it. Whoever does may go by it. Where it is a number that makes no sense, clients differ in whether the other
 * still counts. One that is no number hides nothing.
 */
export function adviceOf(trace: Trace, { result, resultIndex }: Crossing, error: ErrorFacts): Advice {
  const isDated = result !== undefined && !clockMoved(trace, resultIndex)
  const standard = retryAfterMs(error.retryAfter, isDated ? trialEpochMs + result.at : undefined)
  const finer = error.retryAfterMs === undefined ? undefined : Number.parseFloat(error.retryAfterMs)
  const fine = waitable(finer)
  const isContradicted = finer !== undefined && !Number.isNaN(finer) && fine === undefined
  const leastMs = standard === undefined || isContradicted ? undefined : Math.min(standard, fine ?? standard)
  const said = [standard, fine].filter((ms) => ms !== undefined)
  const isSaid = said.length > 0
  return {
    leastMs,
    enoughMs: isSaid ? Math.min(...said) : undefined,
    longestMs: isSaid ? Math.max(...said) : undefined,
  }
}
