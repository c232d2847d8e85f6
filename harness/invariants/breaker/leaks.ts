/** The rule that nothing gets through while a breaker is open, neither by its own leave nor past it. */
import { type Crossing, siteName } from '../../contracts/trace.js'
import type { Account, ReportedCall } from './account.js'
import { type BreakerSubject, type Misconduct, misconduct, type Period } from './subject.js'

export function findLeak({ account, periods }: BreakerSubject): Misconduct | undefined {
  const callOf = new Map(account.calls.map((call) => [call.crossing, call]))
  for (const open of periods) {
    if (open.state !== 'open') continue
    for (const crossing of account.crossings) {
      const { call, callIndex } = crossing
      if (callIndex < open.index || callIndex > open.toIndex || call.at === open.from) continue
      const found = beginsWhileOpen(account, crossing, callOf.get(crossing), open)
      if (found) return found
    }
  }
  return undefined
}

function beginsWhileOpen(
  account: Account,
  crossing: Crossing,
  reported: ReportedCall | undefined,
  { from, index }: Period,
): Misconduct | undefined {
  const site = siteName(crossing.call.site)
  const evidence = [index, crossing.callIndex]
  if (!reported) {
    const story = `It was open, and a call to ${site} went past it.`
    return isBypass(account, crossing, from) ? misconduct('bypass', story, evidence) : undefined
  }
  return reported.begunAt > from
    ? misconduct('open', `It was open, and let a call to ${site} through.`, evidence)
    : undefined
}

/** Whether the breaker cannot have had a hand in the call: none that it let through before it opened can have made it. */
function isBypass(
  { calls, unclaimed, endsAt, drained }: Account,
  { call, result }: Crossing,
  openedAt: number,
): boolean {
  if (result === undefined || result.at >= endsAt) return false
  const isInside = (reported: ReportedCall) => reported.begunAt <= openedAt && reported.at >= call.at
  // One that had begun and was not reported yet may be on its way still, with this as one of several requests.
  const mayBeOnItsWay = !drained && unclaimed.some((other) => other.call.at <= openedAt && other.result)
  return !calls.some(isInside) && !mayBeOnItsWay
}
