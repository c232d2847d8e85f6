/**
 * The rule that a breaker opens when it must. It may do so as late as it likes, as long as it lets no call through.
 * Some find out only when the next one comes.
 */
import { type Crossing, siteName } from '../../contracts/trace.js'
import type { ReportedCall } from './account.js'
import { hadToTrip } from './memory.js'
import { type BreakerSubject, type Misconduct, misconduct, type Period } from './subject.js'
import { probesFail } from './trip-test.js'

/** Ends of calls with which it had to be open. */
export function callsThatMustTrip(subject: BreakerSubject): ReportedCall[] {
  return subject.periods.flatMap((period) => {
    const { state, index, toIndex } = period
    const calls = subject.account.calls.filter((call) => call.index > index && call.index < toIndex)
    if (state === 'closed') return callsWhileClosed(subject, calls)
    return state === 'half-open' && period.entered && !period.jumped ? callsWhileHalfOpen(subject, period, calls) : []
  })
}

export function findMissedTrip(subject: BreakerSubject, trips: readonly ReportedCall[]): Misconduct | undefined {
  const callOf = new Map(subject.account.calls.map((call) => [call.crossing, call]))
  for (const trip of trips) {
    const through = nextThrough(subject, trip, callOf)
    if (!through) continue
    const story = `It had to open, and let the next call to ${siteName(through.call.site)} through.`
    return misconduct('late', story, [trip.index, through.callIndex])
  }
  return undefined
}

/** While one is due, which it is no longer than the reset time, those that come behind it add nothing. */
function callsWhileClosed(subject: BreakerSubject, calls: readonly ReportedCall[]): ReportedCall[] {
  const trips: ReportedCall[] = []
  for (const call of calls) {
    const isDue = call.at < (trips.at(-1)?.at ?? Number.NEGATIVE_INFINITY) + subject.breaker.resetAfterMs
    if (!isDue && isDecisive(subject, call) && hadToTrip(subject, call)) trips.push(call)
  }
  return trips
}

function isDecisive({ breaker: { trips } }: BreakerSubject, { as }: ReportedCall): boolean {
  return as === 'failed' || (trips.kind === 'rate' && trips.slow !== undefined)
}

function callsWhileHalfOpen(subject: BreakerSubject, { from }: Period, calls: readonly ReportedCall[]): ReportedCall[] {
  const { probes = 1, probesDecide = 'each', trips } = subject.breaker
  const tried = calls.filter(({ as, begunAt }) => as !== 'ignored' && begunAt >= from)
  const isFailed = (call: ReportedCall) => call.as === 'failed' && !subject.miscounted.has(call)
  if (probesDecide === 'each') return tried.filter(isFailed)
  const [last] = tried.slice(probes - 1, probes)
  const outcomes = tried.slice(0, probes).map((call) => ({ ...call, failed: isFailed(call) }))
  return last && probesFail(trips, outcomes) ? [last] : []
}

/** A call that the breaker let through when it had to be open, as it tells itself. */
function nextThrough(
  { breaker: { resetAfterMs }, account: { crossings, jumps }, periods }: BreakerSubject,
  trip: ReportedCall,
  callOf: ReadonlyMap<Crossing | undefined, ReportedCall>,
): Crossing | undefined {
  const settles = ({ state, byHand, index }: Period) => index > trip.index && (state !== 'closed' || byHand)
  const settled = [...periods.filter(settles), ...jumps.filter(({ index }) => index > trip.index)]
  const until = Math.min(...settled.map(({ index }) => index))
  return crossings.find(({ call, callIndex }, position) => {
    const isMeant = callIndex > trip.index && callIndex < until && call.at > trip.at && call.at < trip.at + resetAfterMs
    const calls = isMeant ? callOf.get(crossings[position]) : undefined
    return calls !== undefined && calls.begunAt > trip.at
  })
}
