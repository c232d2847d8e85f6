import { asksModel, isRemote } from '../contracts/boundary.js'
import type { Invariant } from '../contracts/invariant.js'
import { type Crossing, crossingsOf, type ErrorFacts, type Outcome, siteName, type Trace } from '../contracts/trace.js'
import { held, type Verdict, vacuous, violated } from '../contracts/verdict.js'
import { inOneAttempt } from './reading/attempts.js'
import { mayBeGivenUp, rootOf } from './reading/flows.js'
import { atLeast, taking } from './reading/options.js'
import { clockMoved, trialEpochMs } from './reading/wall-time.js'

/** How long retries must wait. Every part is optional. */
export interface BackoffOptions {
  /** Virtual milliseconds before every retry where the server gave no valid advice; not given, only storms are judged. */
  readonly minimumMs?: number
  /** Longer waits than this are not asked for: whoever is told to wait longer may retry after it, or give up; 60 000. */
  readonly honourUpToMs?: number
}

/** No timer of Node's or a browser's can wait longer; such advice cannot be followed by a single wait, and is hostile. */
const timerMaxMs = 2 ** 31 - 1

/** Timers and dates are in whole milliseconds. */
const roundingMs = 1

/**
 * Retries of one call in a row that waited so little in all. Each may wait next to nothing. Jitter over the whole
 * pause, which cloud providers recommend, draws from zero on. A first retry at once is good practice with some. That
 * pauses of half a second, doubled each time, come so short by chance happens a few times in a million.
 */
const storms = [
  // What a timer makes of a wait that overflows, is negative or no number.
  { retries: 2, withinMs: 2 },
  { retries: 4, withinMs: 100 },
] as const

/**
 * What a retry must wait for follows RFC 9110, 10.2.3: `retry-after` in seconds, fractions being common, or as an HTTP
 * date. A value that is no such thing, lies in the past, is not positive or cannot be waited for counts as none.
 */
export const backoffRespected = taking(
  'backoffRespected',
  { minimumMs: atLeast(0), honourUpToMs: atLeast(0) },
  ({ minimumMs, honourUpToMs = 60_000 }: BackoffOptions = {}): Invariant => ({
    name: 'backoff-respected',
    kind: 'safety',
    promise:
      `A call that failed for the moment is made again no sooner than the server advised, up to ${honourUpToMs} ms. ` +
      'Where it gave no advice, it is not made again in a storm' +
      `${minimumMs === undefined ? '' : `, nor sooner than after ${minimumMs} ms`}.`,
    antecedent:
      'A call failed with 408, 425, 429, a status of 500 or more, or a lost connection, and was made again. The model ' +
      'asking again is exempt, a restarted agent, and a call that may belong to another flow of the agent. A single ' +
      'retry may come at once, by jitter; several in a row may not.',
    example:
      'The API answered 429 and asked for two seconds. The client read the header as milliseconds, came back three ' +
      'times within the second, and was locked out for the hour.',
    check: (trace) => {
      const retries = retriesOf(trace)
      if (retries.length === 0) return vacuous('no call that failed for the moment was made again')
      const rows = new Map<Crossing, readonly Wait[]>()
      for (const { failed, error, retry } of retries) {
        const advised = advisedMs(trace, failed, error)
        const waitedMs = retry.call.at - (failed.result?.at ?? 0)
        const early = advised === undefined ? minimumMs : Math.min(advised, honourUpToMs)
        if (early !== undefined && waitedMs + roundingMs <= early) return tooEarly({ failed, retry, waitedMs }, advised)
        if (advised !== undefined) continue
        const row = [...(rows.get(failed) ?? []), { failed, retry, waitedMs }]
        rows.set(retry, row)
        const storm = storms.map(({ retries, withinMs }) => within(row, retries, withinMs)).find(Boolean)
        if (storm) return stormy(storm, siteName(retry.call.site))
      }
      return held
    },
  }),
)

interface Wait {
  readonly failed: Crossing
  readonly retry: Crossing
  readonly waitedMs: number
}

function tooEarly({ failed, retry, waitedMs }: Wait, advised: number | undefined): Verdict {
  const site = siteName(retry.call.site)
  const asked = advised === undefined ? '' : `, and the server had asked for ${advised} ms`
  return violated(
    `${advised === undefined ? 'minimum' : 'retry-after'}:${site}`,
    `The agent called ${site} again ${waitedMs} ms after a failure${asked}.`,
    [failed.resultIndex, retry.callIndex],
  )
}

/** The last so many of the row, where they waited no longer than that in all. */
function within(row: readonly Wait[], retries: number, ms: number): readonly Wait[] | undefined {
  const last = row.slice(-retries)
  return last.length === retries && sum(last) <= ms ? last : undefined
}

function sum(waits: readonly Wait[]): number {
  return waits.reduce((ms, { waitedMs }) => ms + waitedMs, 0)
}

function stormy(waits: readonly Wait[], site: string): Verdict {
  return violated(
    `storm:${site}`,
    `The agent called ${site} again ${waits.length} times in a row after failures, and waited ${sum(waits)} ms in all.`,
    waits.flatMap(({ failed, retry }) => [failed.resultIndex, retry.callIndex]),
  )
}

interface Retry {
  readonly failed: Crossing
  readonly error: ErrorFacts
  readonly retry: Crossing
}

function retriesOf(trace: Trace): Retry[] {
  const crossings = crossingsOf(trace)
  return crossings.flatMap((retry) => {
    const failed = crossings.findLast((earlier) => isAttemptBefore(earlier, retry))
    if (failed?.result?.outcome.kind !== 'failed' || !passes(failed.result.outcome)) return []
    const exempt =
      failed.resultIndex > retry.callIndex ||
      !inOneAttempt(trace, failed.callIndex, retry.callIndex) ||
      mayBeUnseen(failed) ||
      modelSpoke(trace, failed, retry) ||
      anotherFlow(failed, retry, crossings)
    return exempt ? [] : [{ failed, error: failed.result.outcome.error, retry }]
  })
}

function isAttemptBefore({ call }: Crossing, { call: retry }: Crossing): boolean {
  return (
    call.occurrence === retry.occurrence &&
    call.attempt === retry.attempt - 1 &&
    siteName(call.site) === siteName(retry.site)
  )
}

/** A timeout has been waited for already; of other errors it is not known that they pass. */
function passes({ error: { status, code }, failure }: Extract<Outcome, { kind: 'failed' }>): boolean {
  if (status !== undefined) return status === 408 || status === 425 || status === 429 || status >= 500
  if (code !== undefined) return ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'UND_ERR_SOCKET'].includes(code)
  return failure.kind === 'lost' && (failure.how === 'reset' || failure.how === 'refused')
}

/** Whether the agent may have given the call up before it failed. Of requests over the wire the trace says so itself. */
function mayBeUnseen(failed: Crossing): boolean {
  return !isRemote(failed.call.site) && mayBeGivenUp(failed)
}

/** Whether asking again was the model's idea; of a call to the model itself it never is. */
function modelSpoke({ events }: Trace, failed: Crossing, retry: Crossing): boolean {
  return (
    !asksModel(retry.call.site) &&
    events
      .slice(failed.resultIndex + 1, retry.callIndex)
      .some((event) => event.kind === 'return' && event.reply !== undefined && event.outcome.kind === 'ok')
  )
}

/** Whether something else of the agent's was under way when the retry began: the equal call may be the other flow's. */
function anotherFlow(failed: Crossing, retry: Crossing, crossings: readonly Crossing[]): boolean {
  const own = [rootOf(failed, crossings), rootOf(retry, crossings)]
  return crossings.some(
    (other) =>
      !own.includes(other) &&
      other.call.parent === null &&
      other.callIndex < retry.callIndex &&
      (other.result === undefined || other.resultIndex > retry.callIndex),
  )
}

const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/** Milliseconds that the server asked to wait for, from its answer on; `undefined` for no advice that can be followed. */
function advisedMs(trace: Trace, { result, resultIndex }: Crossing, { retryAfter }: ErrorFacts): number | undefined {
  const text = retryAfter?.trim()
  if (text === undefined || result === undefined) return undefined
  const ms = /^\d+(?:\.\d+)?$/.test(text)
    ? Number(text) * 1_000
    : httpDate.test(text) && !clockMoved(trace, resultIndex)
      ? Date.parse(text) - trialEpochMs - result.at
      : Number.NaN
  return ms > 0 && ms <= timerMaxMs ? ms : undefined
}
