/**
 * What a breaker reported of itself in one attempt of the agent, laid beside what crossed its site. It has each outcome with
 * the crossing that it is of, and the crossings that no outcome is of. Apart, because who judges a breaker and who
 * looks for mistakes in how it is put together must read it alike.
 */
import type { BreakerNews } from '../../contracts/breaker.js'
import { type Crossing, siteName, type Trace } from '../../contracts/trace.js'
import type { AgentAttempt } from '../reading/attempts.js'
import type { SitePattern } from '../reading/site-pattern.js'

export interface Reported<N extends BreakerNews = BreakerNews> {
  readonly at: number
  readonly index: number
  readonly news: N
}

type OutcomeNews = Extract<BreakerNews, { event: 'succeeded' | 'failed' | 'ignored' }>

/** A call that the breaker let through and reported the end of. */
export interface ReportedCall {
  readonly at: number
  readonly index: number
  readonly as: OutcomeNews['event']
  readonly unsent: boolean
  /** Whether the breaker says how long it took. */
  readonly timed: boolean
  /** When it was let through, by what the breaker says or else by its crossing; minus infinity where neither is known. */
  readonly begunAt: number
  readonly crossing: Crossing | undefined
}

export interface Account {
  readonly observed: Reported<Extract<BreakerNews, { event: 'observed' }>>
  /** In order, up to where the agent crashed. */
  readonly news: readonly Reported[]
  readonly calls: readonly ReportedCall[]
  /** All at its site in this attempt, those from before it was observed included. */
  readonly crossings: readonly Crossing[]
  /** The same, by when they began. */
  readonly crossingsAt: ReadonlyMap<number, readonly Crossing[]>
  /** Those since it was observed that no outcome is of. */
  readonly unclaimed: readonly Crossing[]
  /** Events at which the wall clock jumped, by which some libraries measure. */
  readonly jumps: readonly { readonly at: number; readonly index: number }[]
  /** The last moment at which the agent ran. */
  readonly endsAt: number
  readonly crashed: boolean
  /** Whether all that the agent had begun came to its end, so that what was not reported by then never would be. */
  readonly drained: boolean
}

/** `undefined` where no breaker of that name was observed. */
export function accountOf(trace: Trace, attempt: AgentAttempt, name: string, sites: SitePattern): Account | undefined {
  const to = endOf(trace, attempt)
  const events = trace.events.slice(attempt.from, to).map((event, offset) => ({ event, index: attempt.from + offset }))
  const news = events.flatMap(({ event, index }): Reported[] =>
    event.kind === 'breaker' && event.breaker === name ? [{ at: event.at, index, news: event }] : [],
  )
  const observed = news.find(isObserved)
  if (!observed) return undefined
  const jumps = events.flatMap(({ event, index }) =>
    event.kind === 'fault' && event.actions.includes('clock-jump') ? [{ at: event.at, index }] : [],
  )
  const crossings = attempt.crossings.filter(({ call, callIndex }) => callIndex < to && sites(call.site))
  const since = crossings.filter(({ callIndex }) => callIndex > observed.index)
  const calls = callsOf(news, since, jumps[0]?.index ?? Number.POSITIVE_INFINITY)
  const claimed = new Set(calls.map(({ crossing }) => crossing))
  return {
    observed,
    news,
    calls,
    crossings,
    crossingsAt: byBegin(crossings),
    unclaimed: since.filter((crossing) => !claimed.has(crossing)),
    jumps,
    endsAt: trace.events[to - 1]?.at ?? 0,
    crashed: attempt.crashed,
    drained: !attempt.crashed && isDrained(trace, attempt),
  }
}

/**
 * How the crossings ended that the reported call may be. They began when it did, and ended when it did or are still under
 * way, for it may have been given up. Several, where some run alike.
 */
export function endingsOf<E>(
  { begunAt, at, index }: ReportedCall,
  { crossingsAt }: Account,
  read: (ended: Crossing) => E,
): (E | 'under-way')[] {
  return (crossingsAt.get(begunAt) ?? []).flatMap((crossing): (E | 'under-way')[] => {
    const { callIndex, result, resultIndex } = crossing
    if (callIndex > index) return []
    if (result === undefined || resultIndex > index) return ['under-way']
    return result.at === at ? [read(crossing)] : []
  })
}

function isDrained({ end }: Trace, { crossings }: AgentAttempt): boolean {
  return (end.kind === 'returned' || end.kind === 'threw') && crossings.every(({ result }) => result !== undefined)
}

function byBegin(crossings: readonly Crossing[]): Map<number, Crossing[]> {
  const groups = new Map<number, Crossing[]>()
  for (const crossing of crossings) {
    const { at } = crossing.call
    groups.set(at, [...(groups.get(at) ?? []), crossing])
  }
  return groups
}

function isObserved(report: Reported): report is Account['observed'] {
  return report.news.event === 'observed'
}

/** Behind the last event that says something of the agent: what strikes it down is planned for a crossing that it makes. */
function endOf({ events }: Trace, { from, to, crashed }: AgentAttempt): number {
  if (!crashed) return to
  const struck = events.slice(from, to).findIndex((event) => event.kind === 'fault' && event.actions.includes('crash'))
  return struck < 0 ? to : from + struck
}

/** Once the wall clock has jumped, from the event `jumpedAt` on, no span of time that a breaker tells can be relied on. */
function callsOf(news: readonly Reported[], crossings: readonly Crossing[], jumpedAt: number): ReportedCall[] {
  let free: Crossing[] = []
  let next = 0
  return news.flatMap(({ at, index, news: report }): ReportedCall[] => {
    if (report.event !== 'succeeded' && report.event !== 'failed' && report.event !== 'ignored') return []
    for (; (crossings[next]?.callIndex ?? index) < index; next++) free.push(...crossings.slice(next, next + 1))
    // Times are whole milliseconds in a trial; who reckons with fractions is off by less than one.
    const statedMs = report.tookMs !== undefined && index < jumpedAt ? Math.round(at - report.tookMs) : undefined
    const unsent = report.unsent ?? false
    const crossing = unsent ? undefined : mostLikely(free, at, index, statedMs)
    free = free.filter((one) => one !== crossing && !(crossing && isFurtherTry(one, crossing)))
    const begunAt = statedMs ?? crossing?.call.at ?? Number.NEGATIVE_INFINITY
    return [{ at, index, as: report.event, unsent, timed: statedMs !== undefined, begunAt, crossing }]
  })
}

/** Another try at the same call, that had come by the time of its outcome: it is that of none other. */
function isFurtherTry({ call: one }: Crossing, { call: other }: Crossing): boolean {
  return (
    one.occurrence === other.occurrence && one.attempt > other.attempt && siteName(one.site) === siteName(other.site)
  )
}

/** The crossing that an outcome is most likely of, out of those that are free, which are in the order of their begin. */
function mostLikely(
  free: readonly Crossing[],
  at: number,
  index: number,
  statedMs: number | undefined,
): Crossing | undefined {
  const begins = ({ call }: Crossing) => call.at === statedMs
  const ends = ({ result, resultIndex }: Crossing) => result?.at === at && resultIndex < index
  const isUnderWay = ({ result, resultIndex }: Crossing) => result === undefined || resultIndex > index
  const fits = ({ call }: Crossing) => statedMs === undefined || call.at >= statedMs
  const ranks = [(one: Crossing) => begins(one) && ends(one), begins, ends, isUnderWay, () => true]
  for (const isRight of ranks) {
    const found = free.find((crossing) => fits(crossing) && isRight(crossing))
    if (found) return found
  }
  return undefined
}
