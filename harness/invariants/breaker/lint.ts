/**
 * What a trace shows of how observed circuit breakers are put together. It finds retries inside them, the caller's own
 * mistakes counted as failures, calls too few for their thresholds. No invariant, for none of this is wrong by itself;
 * it stands here because it reads a breaker's account as the oracles do.
 */
import type { BreakerNeed, BreakerRemarks } from '../../contracts/breaker.js'
import type { Invariant } from '../../contracts/invariant.js'
import { siteOf } from '../../contracts/site.js'
import { type Crossing, siteName, type Trace } from '../../contracts/trace.js'
import { attemptsOf } from '../reading/attempts.js'
import { failureOf } from '../reading/outcomes.js'
import { type Account, accountOf, endingsOf, type ReportedCall } from './account.js'
import { dependencySites } from './steps.js'

/** One for each breaker that was observed. Where an invariant judges it, what that says of its needs is looked at too. */
export function breakerRemarks(trace: Trace, invariants: readonly Invariant[]): BreakerRemarks[] {
  const names = new Set(
    trace.events.flatMap((event) => (event.kind === 'breaker' && event.event === 'observed' ? [event.breaker] : [])),
  )
  if (names.size === 0) return []
  const needs = invariants.flatMap(({ breakers = [] }) => breakers)
  return [...names].map((site) => remarksOn(site, trace, needs))
}

function remarksOn(site: string, trace: Trace, needs: readonly BreakerNeed[]): BreakerRemarks {
  const need = needs.find((one) => siteName(siteOf(one.site)) === site)
  const sites = dependencySites({ site, exempt: need?.exempt ?? [] })
  const accounts = attemptsOf(trace).flatMap((attempt) => accountOf(trace, attempt, site, sites) ?? [])
  return {
    site,
    triesAtMost: Math.max(1, ...accounts.map(triesAtMost)),
    statusesCounted: [...new Set(accounts.flatMap(mistakesCounted))].sort((a, b) => a - b),
    ...(need && { volume: volumeOf(accounts, need) }),
  }
}

/** The most crossings of one logical call between two outcomes of the breaker. */
function triesAtMost({ calls, unclaimed }: Account): number {
  const tries = calls.map((call, position) => {
    const from = calls[position - 1]?.index ?? 0
    return 1 + unclaimed.filter((crossing) => isTryWithin(call, crossing, from)).length
  })
  return Math.max(1, ...tries)
}

/** `from` is the outcome before, behind which it must come where it is not known when the call began. */
function isTryWithin(
  { crossing: own, index, timed, begunAt }: ReportedCall,
  { call, callIndex }: Crossing,
  from: number,
): boolean {
  const isSame =
    own !== undefined && siteName(own.call.site) === siteName(call.site) && own.call.occurrence === call.occurrence
  return isSame && callIndex < index && (timed ? call.at >= begunAt : callIndex > from)
}

function mistakesCounted(account: Account): number[] {
  return account.calls.flatMap((call) => {
    if (call.as !== 'failed') return []
    const statuses = endingsOf(call, account, (crossing) => failureOf(crossing)?.status)
    return statuses.length > 0 && statuses.every(isMistake) ? statuses : []
  })
}

/** The client's errors, but for those that say "later" (RFC 9110 and 6585). */
function isMistake(status: number | undefined | 'under-way'): status is number {
  const later = [408, 425, 429]
  return typeof status === 'number' && status >= 400 && status < 500 && !later.includes(status)
}

function volumeOf(accounts: readonly Account[], { calls, withinMs }: BreakerNeed) {
  const seen = Math.max(0, ...accounts.map((account) => mostWithin(withinMs ?? Number.POSITIVE_INFINITY, account)))
  return { seen, needed: calls, ...(withinMs !== undefined && { withinMs }) }
}

function mostWithin(ms: number, { news }: Account): number {
  const states = new Set(['observed', 'opened', 'half-opened', 'closed'])
  const times = news.flatMap((report) => (states.has(report.news.event) ? [] : [report.at]))
  let first = 0
  let most = 0
  for (const [position, at] of times.entries()) {
    while ((times[first] ?? at) < at - ms) first++
    most = Math.max(most, position - first + 1)
  }
  return most
}
