import { asksModel, isRemote } from '../contracts/boundary.js'
import type { Invariant } from '../contracts/invariant.js'
import { replyBefore, timesAsked } from '../contracts/model-asks.js'
import { type Crossing, crossingsOf, type Outcome, siteName, type Trace } from '../contracts/trace.js'
import { held, type Verdict, vacuous, violated } from '../contracts/verdict.js'
import { adviceOf } from './reading/advice.js'
import { inOneAttempt } from './reading/attempts.js'
import { mayBeGivenUp, rootOf } from './reading/flows.js'
import { groupBy } from './reading/grouping.js'
import { atLeast, taking } from './reading/options.js'
import { isAskedAnew } from './reading/repetition.js'

/** How long retries must wait. Every part is optional. */
export interface BackoffOptions {
  /**
   * Virtual milliseconds before every retry where the server gave no valid advice. Not given, it is 100 after an answer
   * that asks to be left alone, and other failures are judged by storms only.
   */
  readonly minimumMs?: number
  /** Longer waits than this are not asked for: whoever is told to wait longer may retry after it, or give up; an hour. */
  readonly honourUpToMs?: number
}

/**
 * A retry of what asked to be left alone comes no sooner. Clients that mean to wait begin at 200 ms or more; the vendors'
 * SDKs at 500 ms, less a quarter at most. What comes sooner did not wait, or draws its jitter from zero on.
 */
const floorMs = 100

/** Timers and dates are in whole milliseconds. */
const roundingMs = 1

/**
 * Retries of one call in a row that waited so little in all, where nobody asked to be left alone. Each may wait next to
 * nothing: a first retry at once is good practice after a lost connection. Pauses of half a second, doubled each time and
 * with jitter from zero on, come so short by chance a few times in a million.
 */
const storms = [
  // What a timer makes of a wait that overflows, is negative or no number.
  { retries: 2, withinMs: 2 },
  { retries: 4, withinMs: 100 },
] as const

/** A retry waits for as long as the server advised. Where it asked to be left alone without saying how long, it waits a while. */
export const backoffRespected = taking(
  'backoffRespected',
  { minimumMs: atLeast(0), honourUpToMs: atLeast(0) },
  ({ minimumMs, honourUpToMs = 3_600_000 }: BackoffOptions = {}): Invariant => ({
    name: 'backoff-respected',
    kind: 'safety',
    promise:
      'A call that failed for the moment is made again no sooner than the server advised, up to ' +
      `${honourUpToMs / 1_000} s. Without advice that can be followed, ` +
      (minimumMs === undefined
        ? `a retry of what asked to be left alone waits ${floorMs} ms. No other comes in a storm.`
        : `every retry waits ${minimumMs} ms, and none comes in a storm.`),
    antecedent:
      'A call failed with 408, 425, 429, a status of 500 or more, or a lost connection, and was made again. 429, 503, ' +
      'an overload and every answer with a retry-after ask to be left alone. Of others a single retry may come at once; several in a ' +
      'row may not. The header retry-after-ms is no standard: it may be heeded, and need not be.',
    remedy: 'Wait at least as long as the answer advises, and longer with each attempt, before you try again.',
    example:
      'The API answered 429 and asked for two seconds. The client read the header as milliseconds, came back three ' +
      'times within the second, and was locked out for the hour.',
    exemptions: {
      jitter: 'A single retry may come at once, where the server gave no advice; several in a row may not.',
      'hostile-advice':
        'Advice that is no date or number of seconds, lies in the past, or cannot be waited for counts as none.',
      'long-advice': `Whoever is told to wait longer than ${honourUpToMs} ms may retry after that.`,
      'clock-jump': 'Advice that is a date, where the wall clock had jumped before.',
      'the-model-asks-again':
        'The model answered in between, so that asking again may be its idea. Of a call to the model it never is, nor ' +
        'where the conversation was started over.',
      'asked-twice':
        'One answer of the model asked for the call more than once: as many are no retries. Of what is no tool, or runs inside ' +
        'one, it is the tool that was asked for more than once.',
      'given-up': 'The error of a tool took a second or more: the agent may have given the call up before.',
      'another-flow': 'Something else of the agent was under way: the call may be that of another flow.',
      restart: 'The agent crashed in between: what it had been told went with it.',
    },
    check: (trace) => judge(trace, honourUpToMs, minimumMs),
  }),
)

function judge(trace: Trace, honourUpToMs: number, minimumMs: number | undefined): Verdict {
  const retries = retriesOf(trace)
  if (retries.length === 0) return vacuous('no call that failed for the moment was made again')
  const rows = new Map<Crossing, readonly Wait[]>()
  for (const { failed, outcome, retry } of retries) {
    const { leastMs, enoughMs } = adviceOf(trace, failed, outcome.error)
    const waitedMs = retry.call.at - (failed.result?.at ?? 0)
    const wait = { failed, retry, waitedMs }
    const isEarly = (ms: number) => waitedMs + roundingMs <= ms
    if (leastMs !== undefined && isEarly(Math.min(leastMs, honourUpToMs))) return beforeAdvised(wait, leastMs)
    if (enoughMs !== undefined && !isEarly(enoughMs)) continue
    if (minimumMs !== undefined && isEarly(minimumMs)) return beforeMinimum(wait)
    if (minimumMs === undefined && asksToBeLeft(outcome) && isEarly(floorMs)) return hot(wait, outcome)
    if (leastMs !== undefined) continue
    const row = [...(rows.get(failed) ?? []), { failed, retry, waitedMs }]
    rows.set(retry, row)
    const storm = storms.map(({ retries, withinMs }) => within(row, retries, withinMs)).find(Boolean)
    if (storm) return stormy(storm, siteName(retry.call.site))
  }
  return held
}

type Failed = Extract<Outcome, { kind: 'failed' }>

interface Wait {
  readonly failed: Crossing
  readonly retry: Crossing
  readonly waitedMs: number
}

/** Whether an answer says that whoever asked is to stay away for a while, for how long it may not say. */
function asksToBeLeft({ failure, error: { status, retryAfter } }: Failed): boolean {
  const isOverloaded = failure.kind === 'error' && failure.code === 'overloaded'
  return status === 429 || status === 503 || isOverloaded || retryAfter !== undefined
}

function beforeAdvised(wait: Wait, advised: number): Verdict {
  return tooEarly('retry-after', wait, `, and the server had asked for ${advised} ms`)
}

function beforeMinimum(wait: Wait): Verdict {
  return tooEarly('minimum', wait, '')
}

function hot(wait: Wait, { error: { status, retryAfter } }: Failed): Verdict {
  const advice = retryAfter === undefined ? '' : ` with "retry-after: ${retryAfter}"`
  const asked = `, though ${status === undefined ? 'it' : `a ${status}`}${advice} asks to be left alone`
  return tooEarly('hot', wait, `${asked}. It is to wait ${floorMs} ms at least; \`minimumMs\` says otherwise`)
}

function tooEarly(signature: string, { failed, retry, waitedMs }: Wait, asked: string): Verdict {
  const site = siteName(retry.call.site)
  return violated(`${signature}:${site}`, `The agent called ${site} again ${waitedMs} ms after a failure${asked}.`, [
    failed.resultIndex,
    retry.callIndex,
  ])
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
  readonly outcome: Failed
  readonly retry: Crossing
}

function retriesOf(trace: Trace): Retry[] {
  const crossings = crossingsOf(trace)
  const retries = crossings.flatMap((retry): Retry[] => {
    const failed = crossings.findLast((earlier) => isAttemptBefore(earlier, retry))
    if (failed?.result?.outcome.kind !== 'failed' || !passes(failed.result.outcome)) return []
    const exempt =
      failed.resultIndex > retry.callIndex ||
      !inOneAttempt(trace, failed.callIndex, retry.callIndex) ||
      mayBeUnseen(failed) ||
      modelSpoke(trace, failed, retry) ||
      anotherFlow(failed, retry, crossings)
    return exempt ? [] : [{ failed, outcome: failed.result.outcome, retry }]
  })
  const calls = groupBy(retries, ({ retry }) => {
    const { site, occurrence } = retry.call
    return `${siteName(site)} ${occurrence} ${replyBefore(retry, trace)?.call.crossing}`
  })
  const asks = new Set([...calls.values()].flatMap((each) => furtherAsks(each, trace)))
  return retries.filter((retry) => !asks.has(retry))
}

/** Where one answer of the model asked for the call more than once, as many were no retries: those that waited least. */
function furtherAsks(retries: readonly Retry[], trace: Trace): readonly Retry[] {
  const all = crossingsOf(trace)
  const further = Math.max(...retries.map(({ retry }) => timesAsked(rootOf(retry, all), trace))) - 1
  const waitOf = ({ failed, retry }: Retry) => retry.call.at - (failed.result?.at ?? 0)
  return [...retries].sort((a, b) => waitOf(a) - waitOf(b)).slice(0, Math.max(0, further))
}

function isAttemptBefore({ call }: Crossing, { call: retry }: Crossing): boolean {
  return (
    call.occurrence === retry.occurrence &&
    call.attempt === retry.attempt - 1 &&
    siteName(call.site) === siteName(retry.site)
  )
}

/** A timeout has been waited for already; of other errors it is not known that they pass. */
function passes({ error: { status, code }, failure }: Failed): boolean {
  if (status !== undefined) return status === 408 || status === 425 || status === 429 || status >= 500
  if (code !== undefined) return ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'UND_ERR_SOCKET'].includes(code)
  return failure.kind === 'lost' && (failure.how === 'reset' || failure.how === 'refused')
}

/** Whether the agent may have given the call up before it failed. Of requests over the wire the trace says so itself. */
function mayBeUnseen(failed: Crossing): boolean {
  return !isRemote(failed.call.site) && mayBeGivenUp(failed)
}

/**
 * Whether asking again was the model's idea; of a call to the model itself it never is. Nor is it where the conversation
 * was started over: then the model knows nothing of the failure.
 */
function modelSpoke(trace: Trace, failed: Crossing, retry: Crossing): boolean {
  if (asksModel(retry.call.site)) return false
  return crossingsOf(trace).some(
    (each) =>
      asksModel(each.call.site) &&
      each.result?.outcome.kind === 'ok' &&
      each.resultIndex > failed.resultIndex &&
      each.resultIndex < retry.callIndex &&
      !isAskedAnew(each, failed, trace),
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
