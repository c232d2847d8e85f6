/**
 * Whether a breaker's own account agrees with what crossed its site. Where it does not, it is not put together as its
 * observer believes, and what it seems to do says nothing about it.
 */
import { type Crossing, siteName } from '../../contracts/trace.js'
import type { Account } from './account.js'

/** How the two disagree, in words; `undefined` where they agree. */
export function wiringFault({
  observed,
  calls,
  crossings,
  unclaimed,
  news,
  endsAt,
  crashed,
}: Account): string | undefined {
  const heardLast = news.at(-1)?.at ?? observed.at
  // What ended in the last moment, or shortly before a crash, the breaker may not have got to hear of.
  const passedBy = unclaimed.filter(({ result }) => result && result.at < (crashed ? heardLast : endsAt))
  const [missed] = passedBy
  if (missed) {
    const site = siteName(missed.call.site)
    const { at } = missed.call
    const around = calls.find((call) => call.crossing && call.begunAt <= at && call.at >= at)
    return around
      ? `several calls reached ${site} for one outcome of its breaker`
      : `a call reached ${site} that its breaker never heard of`
  }
  // What was under way when it was first listened to has its crossing before that.
  const isOlder = ({ callIndex, result, resultIndex }: Crossing) =>
    callIndex < observed.index && (result === undefined || resultIndex > observed.index)
  if (crossings.some(isOlder)) return undefined
  const unmade = calls.find(({ as, unsent, crossing }) => as !== 'ignored' && !unsent && crossing === undefined)
  return unmade && 'the breaker reported a call that never reached its site'
}
