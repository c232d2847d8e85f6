/**
 * Whether outcomes trip a breaker. Where a library leaves room (buckets, stale counts, what a reset forgets) there are
 * several things that it may still remember. It must trip if it does by all of them, and may if it does by one.
 */
import type { RateTest, TripTest } from './profile.js'

/** A call that the breaker saw the end of. */
export interface SeenOutcome {
  /** The event with which it began, or was reported. */
  readonly index: number
  readonly begunAt: number
  readonly at: number
  readonly failed: boolean
}

/** A call that counts where calls count from their start: one that is under way, or was turned away. */
export interface OtherCall {
  readonly index: number
  readonly begunAt: number
  /** Whether it is known to count. */
  readonly certain: boolean
}

/** What a breaker may have kept. */
export interface Memory {
  /** In the order of completion; ends with the outcome that has just come. */
  readonly seen: readonly SeenOutcome[]
  /**
   * Events at which it may have closed and forgotten all before; libraries differ in whether the call that closed it
   * still counts.
   */
  readonly fresh: readonly number[]
  readonly others: readonly OtherCall[]
  /** Whether it may have counted something before all this. */
  readonly older?: boolean
}

type Era = Pick<Memory, 'seen' | 'others'>

export function mustTrip(test: TripTest, memory: Memory): boolean {
  const last = memory.seen.at(-1)
  if (last === undefined || (memory.older && test.kind === 'rate')) return false
  return erasOf(memory).every((era) => era.seen.at(-1) === last && eraMustTrip(test, era, last))
}

export function mayTrip(test: TripTest, memory: Memory): boolean {
  const { seen, older = false } = memory
  if (older && (test.kind === 'rate' || allFailed(seen.slice(-test.failures)))) return true
  return erasOf(memory).some((era) => eraMayTrip(test, era))
}

/** The rate among a breaker's probes, which are judged as they are, without a minimum. */
export function probesFail(test: TripTest, probes: readonly SeenOutcome[]): boolean {
  if (test.kind === 'consecutive') return probes.some(({ failed }) => failed)
  const all = shareAfter(Number.NEGATIVE_INFINITY, { ...test, countsFromStart: false }, { seen: probes, others: [] })
  return shareMustTrip({ ...test, minimumCalls: 0 }, all)
}

function erasOf({ seen, fresh, others }: Memory): Era[] {
  const from = (isIn: (index: number) => boolean): Era => ({
    seen: seen.filter(({ index }) => isIn(index)),
    others: others.filter(({ index }) => isIn(index)),
  })
  const later = fresh.flatMap((beginnings) => [
    from((index) => index >= beginnings),
    from((index) => index > beginnings),
  ])
  return [{ seen, others }, ...later]
}

function eraMustTrip(test: TripTest, era: Era, last: SeenOutcome): boolean {
  if (test.kind === 'consecutive') return isRow(test.failures, era)
  if (!last.failed && test.slow === undefined) return false
  return sharesOf(test, era, last.at).every((share) => shareMustTrip(test, share))
}

function eraMayTrip(test: TripTest, era: Era): boolean {
  if (test.kind === 'consecutive') return isRow(test.failures, era)
  const last = era.seen.at(-1)
  return last !== undefined && sharesOf(test, era, last.at).some((share) => shareMayTrip(test, share))
}

function isRow(failures: number, { seen }: Era): boolean {
  const row = seen.slice(-Math.max(1, failures))
  return row.length >= failures && allFailed(row)
}

function allFailed(row: readonly SeenOutcome[]): boolean {
  return row.every(({ failed }) => failed)
}

/** At least and at most so many, for what stands at the very edge of a window may be in it or out of it. */
interface Range {
  readonly least: number
  readonly most: number
}

interface Share {
  readonly failures: Range
  readonly slow: Range
  readonly total: Range
}

/** For every window that the breaker may hold. */
function sharesOf(test: RateTest, { seen, others }: Era, now: number): Share[] {
  const era = { seen: test.windowCalls === undefined ? seen : seen.slice(-test.windowCalls), others }
  const { windowMs, bucketMs = (windowMs ?? 0) / 10, staleBuckets = false, countsFromStart = false } = test
  if (windowMs === undefined) return [shareAfter(Number.NEGATIVE_INFINITY, test, era)]
  const longest = staleBuckets ? Number.NEGATIVE_INFINITY : now - windowMs
  const beginnings = countsFromStart ? [...era.seen, ...others].map(({ begunAt }) => begunAt) : []
  const times = [...era.seen.map(({ at }) => at), ...beginnings]
  const dropped = times.filter((at) => at >= longest && at <= now - windowMs + bucketMs && at < now)
  return [...new Set([longest, ...dropped])].map((edge) => shareAfter(edge, test, era))
}

function shareAfter(edge: number, { countsFromStart = false, slow }: RateTest, { seen, others }: Era): Share {
  const count = (calls: readonly { readonly at: number; readonly certain: boolean }[]): Range => ({
    least: calls.filter(({ at, certain }) => at > edge && certain).length,
    most: calls.filter(({ at }) => at >= edge).length,
  })
  const countEnds = (matches: (outcome: SeenOutcome) => boolean) =>
    count(seen.filter(matches).map(({ at }) => ({ at, certain: true })))
  const beginnings = () => [
    ...seen.map(({ begunAt }) => ({ at: begunAt, certain: true })),
    ...others.map(({ begunAt, certain }) => ({ at: begunAt, certain })),
  ]
  return {
    failures: countEnds(({ failed }) => failed),
    slow: countEnds(({ begunAt, at }) => slow !== undefined && at - begunAt > slow.afterMs),
    total: countsFromStart ? count(beginnings()) : countEnds(() => true),
  }
}

function shareMustTrip(test: RateTest, { failures, slow, total }: Share): boolean {
  if (total.least < test.minimumCalls) return false
  if (sides(test, failures.least, total.most).every((side) => side)) return true
  return test.slow !== undefined && slow.least / total.most >= test.slow.threshold
}

function shareMayTrip(test: RateTest, { failures, slow, total }: Share): boolean {
  if (total.most < test.minimumCalls) return false
  if (sides(test, failures.most, total.least).some((side) => side)) return true
  return test.slow !== undefined && slow.most / total.least >= test.slow.threshold
}

/** As the libraries reckon it, each in its own way, which differ in the last bit. A failure among no calls is over any share. */
function sides({ threshold, comparison }: RateTest, failures: number, total: number): boolean[] {
  const percentage = Number((threshold * 100).toPrecision(12))
  const excess = [failures / total - threshold, failures - threshold * total, (failures / total) * 100 - percentage]
  return excess.map((side) => (comparison === 'gte' ? side >= 0 : side > 0))
}
