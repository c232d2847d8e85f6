/** Which calls through a breaker ran at the same time. Apart, because it is a matter of intervals and not of states. */
import type { Account, ToldCall } from './breaker-account.js'

/** The first calls that ran at once and are more than `most`; fewer where there are none. Touching ends are not at once. */
export function overlapBeyond(most: number, calls: readonly ToldCall[]): ToldCall[] {
  for (const { begunAt } of calls) {
    const together = calls.filter((other) => other.begunAt <= begunAt && other.at > begunAt)
    if (together.length > most) return together.slice(0, most + 1)
  }
  return []
}

/** Whether anything that may be a call through the breaker ran at any moment between the two. */
export function underWayWithin({ calls, unclaimed }: Account, from: number, to: number): boolean {
  const touches = (begunAt: number, endedAt: number) => begunAt <= to && endedAt >= from
  return (
    calls.some(({ begunAt, at, crossing }) => touches(Math.min(begunAt, crossing?.call.at ?? begunAt), at)) ||
    unclaimed.some(({ call, result }) => touches(call.at, result?.at ?? Number.POSITIVE_INFINITY))
  )
}
