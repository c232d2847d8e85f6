/**
 * What a breaker may have counted when something happens, by its own account. Apart from the rules, because several ask
 * it. It says what is neutral, which calls count while they are under way, and what of a moment had been counted by
 * then.
 */
import type { ReportedCall } from './account.js'
import type { BreakerSubject } from './subject.js'
import { type Memory, mayTrip, mustTrip, type OtherCall, type SeenOutcome } from './trip-test.js'

/** Whose word is taken on what counts as a failure: the breaker's, or the profile's where the trace shows what failed. */
export type Reading = 'as-reported' | 'by-profile'

/** Whether it had to be open once this call had ended, whatever it forgets. */
export function hadToTrip(subject: BreakerSubject, call: ReportedCall): boolean {
  const { breaker, account } = subject
  const ended = account.calls.indexOf(call) + 1
  if (breaker.trips.kind === 'consecutive' && ended < breaker.trips.failures) return false
  const neutral = breaker.uncountedAre === 'neutral'
  return mustTrip(breaker.trips, memoryOf(subject, { before: call.index, ended, reading: 'by-profile', neutral }))
}

/** Whether it may have opened with the event. What was reported in the same moment it may not have counted yet. */
export function mayHaveTripped(
  subject: BreakerSubject,
  { at, index }: { readonly at: number; readonly index: number },
  reading: Reading,
): boolean {
  const { breaker, account } = subject
  const before = account.calls.filter((call) => call.index < index)
  for (let ended = before.length; ended >= 0; ended--) {
    for (const neutral of [true, false]) {
      if (mayTrip(breaker.trips, memoryOf(subject, { before: index, ended, reading, neutral }))) return true
    }
    if (before[ended - 1]?.at !== at) break
  }
  return false
}

interface Moment {
  /** What came before this event. */
  readonly before: number
  /** How many calls had ended. */
  readonly ended: number
  readonly reading: Reading
  /** Whether failures that do not count are nothing at all to it; otherwise they are successes. */
  readonly neutral: boolean
}

function memoryOf(subject: BreakerSubject, { before, ended, reading, neutral }: Moment): Memory {
  const { breaker, account, miscounted, fresh } = subject
  const seen = account.calls.slice(0, ended).flatMap((call): SeenOutcome[] => {
    const failed = call.as === 'failed' && (reading === 'as-reported' || !miscounted.has(call))
    if (!failed && call.as !== 'succeeded' && neutral) return []
    return [{ index: call.index, begunAt: call.begunAt, at: call.at, failed }]
  })
  return {
    seen,
    fresh: fresh.filter((index) => index < before),
    others: breaker.trips.kind === 'rate' && breaker.trips.countsFromStart ? others(subject, before, ended) : [],
    older: isOlder(subject, before),
  }
}

/** Whether it may have counted something that is not seen here, or by another clock. */
function isOlder({ breaker: { trips }, account }: BreakerSubject, before: number): boolean {
  const { observed, crossings, jumps } = account
  const isTimed = trips.kind === 'rate' && trips.windowMs !== undefined
  return (
    !observed.news.fresh ||
    crossings.some(({ callIndex }) => callIndex < observed.index) ||
    (isTimed && jumps.some(({ index }) => index < before))
  )
}

/** Calls that were turned away or are under way once the first `ended` have ended. */
function others({ account: { calls, news, unclaimed } }: BreakerSubject, before: number, ended: number): OtherCall[] {
  const now = calls[ended - 1]?.at ?? Number.NEGATIVE_INFINITY
  const turnedAway = news.flatMap(({ at, index, news: { event } }) =>
    (event === 'rejected' || event === 'spared') && index < before ? [{ index, begunAt: at, certain: true }] : [],
  )
  const underWay = calls.slice(ended).map(({ index, begunAt, crossing }) => ({
    index: crossing?.callIndex ?? index,
    begunAt,
    certain: begunAt < now && begunAt > Number.NEGATIVE_INFINITY,
  }))
  const unheard = unclaimed.map(({ call, callIndex }) => ({ index: callIndex, begunAt: call.at, certain: false }))
  return [...turnedAway, ...[...underWay, ...unheard].filter(({ begunAt }) => begunAt <= now)]
}
