/** The rules of a half-open breaker: it lets as many calls try as it may, closes when they succeed, and is never stuck. */
import type { Account, Reported, ReportedCall } from './account.js'
import { type BreakerSubject, type Misconduct, misconduct, type Period } from './subject.js'

export function findWrongTry(subject: BreakerSubject): Misconduct | undefined {
  for (const period of subject.periods) {
    if (period.state !== 'half-open' || !period.entered) continue
    const found = findFlood(subject, period) ?? (period.jumped ? undefined : findWrongRejection(subject, period))
    if (found) return found
  }
  return undefined
}

function findFlood({ breaker, account }: BreakerSubject, { from, to, index }: Period): Misconduct | undefined {
  const { probes = 1, probesDecide = 'each' } = breaker
  const tried = account.calls.filter(({ begunAt }) => begunAt >= from && begunAt < to)
  const decisive = tried.filter(({ as }) => as !== 'ignored')
  const beyond = probesDecide === 'together' ? decisive.slice(0, probes + 1) : runAtOnce(probes, tried)
  if (beyond.length <= probes) return undefined
  const begun = beyond.map((call) => call.crossing?.callIndex ?? call.index)
  return misconduct('probes', `It was half open, and let ${beyond.length} calls try where ${probes} may.`, [
    index,
    ...begun,
  ])
}

function findWrongRejection(subject: BreakerSubject, period: Period): Misconduct | undefined {
  const isMeant = ({ news, index }: Reported) =>
    news.event === 'rejected' && index > period.index && index < period.toIndex
  for (const rejected of subject.account.news.filter(isMeant)) {
    const found = doesNotClose(subject, period, rejected) ?? findStuck(subject, period, rejected)
    if (found) return found
  }
  return undefined
}

function doesNotClose(
  { breaker: { probes = 1 }, account }: BreakerSubject,
  period: Period,
  { at, index }: Reported,
): Misconduct | undefined {
  const isTry = (call: ReportedCall) => call.index > period.index && call.index < index && call.begunAt >= period.from
  const tried = account.calls.filter(isTry)
  const last = tried.at(-1)
  if (!last || tried.length < probes || last.at === at || tried.some(({ as }) => as !== 'succeeded')) return undefined
  if (runsWithin(account, last.at + 1, at)) return undefined
  const evidence = tried.map((call) => call.index)
  return misconduct('does-not-close', 'The calls that tried had succeeded, and it turned the next one away.', [
    ...evidence,
    index,
  ])
}

function findStuck(
  { breaker: { resetAfterMs }, account }: BreakerSubject,
  period: Period,
  { at, index }: Reported,
): Misconduct | undefined {
  if (at - period.from <= resetAfterMs || runsWithin(account, at - resetAfterMs, at)) return undefined
  const story = `It was half open, no call had been trying for ${resetAfterMs} ms, and it turned one away.`
  return misconduct('stuck', story, [period.index, index])
}

/** The first calls that ran at once and are more than `most`; none where there are not so many. Touching ends are no overlap. */
function runAtOnce(most: number, calls: readonly ReportedCall[]): ReportedCall[] {
  for (const { begunAt } of calls) {
    const together = calls.filter((other) => other.begunAt <= begunAt && other.at > begunAt)
    if (together.length > most) return together.slice(0, most + 1)
  }
  return []
}

/** Whether anything that may be a call through the breaker ran at any moment between the two. */
function runsWithin({ calls, unclaimed }: Account, from: number, to: number): boolean {
  const touches = (begunAt: number, endedAt: number) => begunAt <= to && endedAt >= from
  return (
    calls.some(({ begunAt, at, crossing }) => touches(Math.min(begunAt, crossing?.call.at ?? begunAt), at)) ||
    unclaimed.some(({ call, result }) => touches(call.at, result?.at ?? Number.POSITIVE_INFINITY))
  )
}
