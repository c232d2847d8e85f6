/**
 * The rule that a breaker opens when it must. It may do so as late as it likes, as long as it lets no call through.
 * Some find out only when the next one comes.
 */
import { type Crossing, siteName } from '../../contracts/trace.js'
import type { ToldCall } from './account.js'
import { hadToTrip } from './memory.js'
import { type Misconduct, misconduct, type Period, type Subject } from './subject.js'
import { probesFail } from './trip-test.js'

/** Ends of calls with which it had to be open. */
export function duesOf(subject: Subject): ToldCall[] {
  return subject.periods.flatMap((period) => {
    const { state, index, toIndex } = period
    const told = subject.account.calls.filter((call) => call.index > index && call.index < toIndex)
    if (state === 'closed') return duesWhileClosed(subject, told)
    return state === 'half-open' && period.entered && !period.jumped ? duesOfTries(subject, period, told) : []
  })
}

export function stayedClosed(subject: Subject, dues: readonly ToldCall[]): Misconduct | undefined {
  const callOf = new Map(subject.account.calls.map((call) => [call.crossing, call]))
  for (const due of dues) {
    const through = nextThrough(subject, due, callOf)
    if (!through) continue
    const story = `It had to open, and let the next call to ${siteName(through.call.site)} through.`
    return misconduct('late', story, [due.index, through.callIndex])
  }
  return undefined
}

/** While one is due, which it is no longer than the reset time, those that come behind it add nothing. */
function duesWhileClosed(subject: Subject, told: readonly ToldCall[]): ToldCall[] {
  const dues: ToldCall[] = []
  for (const call of told) {
    const isDue = call.at < (dues.at(-1)?.at ?? Number.NEGATIVE_INFINITY) + subject.breaker.resetAfterMs
    if (!isDue && isDecisive(subject, call) && hadToTrip(subject, call)) dues.push(call)
  }
  return dues
}

function isDecisive({ breaker: { trips } }: Subject, { as }: ToldCall): boolean {
  return as === 'failed' || (trips.kind === 'rate' && trips.slow !== undefined)
}

function duesOfTries(subject: Subject, { from }: Period, told: readonly ToldCall[]): ToldCall[] {
  const { probes = 1, probesDecide = 'each', trips } = subject.breaker
  const tried = told.filter(({ as, begunAt }) => as !== 'ignored' && begunAt >= from)
  const isFailed = (call: ToldCall) => call.as === 'failed' && !subject.miscounted.has(call)
  if (probesDecide === 'each') return tried.filter(isFailed)
  const [last] = tried.slice(probes - 1, probes)
  const outcomes = tried.slice(0, probes).map((call) => ({ ...call, failed: isFailed(call) }))
  return last && probesFail(trips, outcomes) ? [last] : []
}

/** A call that the breaker let through when it had to be open, as it tells itself. */
function nextThrough(
  { breaker: { resetAfterMs }, account: { crossings, jumps }, periods }: Subject,
  due: ToldCall,
  callOf: ReadonlyMap<Crossing | undefined, ToldCall>,
): Crossing | undefined {
  const settles = ({ state, byHand, index }: Period) => index > due.index && (state !== 'closed' || byHand)
  const settled = [...periods.filter(settles), ...jumps.filter(({ index }) => index > due.index)]
  const until = Math.min(...settled.map(({ index }) => index))
  return crossings.find(({ call, callIndex }, position) => {
    const isMeant = callIndex > due.index && callIndex < until && call.at > due.at && call.at < due.at + resetAfterMs
    const told = isMeant ? callOf.get(crossings[position]) : undefined
    return told !== undefined && told.begunAt > due.at
  })
}
