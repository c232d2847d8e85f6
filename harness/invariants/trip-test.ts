/**
 * Whether outcomes trip a breaker. Where a library leaves room (buckets, stale counts), the test must hold whatever the
 * breaker still remembers: an agent is held only to a trip that cannot have escaped it.
 */
import type { RateTest, TripTest } from './breaker-profile.js'

/** A call that a closed breaker saw the end of. */
export interface SeenOutcome {
  /** The event with which it began. */
  readonly index: number
  readonly begunAt: number
  readonly at: number
  readonly failed: boolean
}

/**
 * `seen` is in the order of completion and ends with the outcome that has just come. `fresh` are events with which a
 * call began that may have closed a breaker that is stricter, or knew of a failure earlier, so that it forgot all before;
 * libraries differ in whether that call itself counts. `running` calls are under way.
 */
export function trips(
  test: TripTest,
  seen: readonly SeenOutcome[],
  fresh: readonly number[],
  running: number,
): boolean {
  const last = seen.at(-1)
  const eras = fresh.flatMap((begun) => [
    seen.filter(({ index }) => index >= begun),
    seen.filter(({ index }) => index > begun),
  ])
  return last !== undefined && [seen, ...eras].every((era) => era.at(-1) === last && eraTrips(test, era, last, running))
}

function eraTrips(test: TripTest, era: readonly SeenOutcome[], last: SeenOutcome, running: number): boolean {
  if (test.kind === 'consecutive') {
    const row = era.slice(-Math.max(1, test.failures))
    return row.length >= test.failures && row.every(({ failed }) => failed)
  }
  if (!last.failed && test.slow === undefined) return false
  return remembered(test, era, last.at).every((window) => rateTrips(test, window, running))
}

/** The rate among a breaker's probes, which are judged as they are, without a minimum. */
export function probesFail(test: TripTest, probes: readonly SeenOutcome[]): boolean {
  if (test.kind === 'consecutive') return probes.some(({ failed }) => failed)
  return rateTrips({ ...test, minimumCalls: 0 }, { ended: probes, calls: probes.length }, 0)
}

/** What a breaker remembers: outcomes, and how many calls they are a share of. */
interface Window {
  readonly ended: readonly SeenOutcome[]
  readonly calls: number
}

/** Every window that the breaker may hold, from the longest to the shortest. */
function remembered(test: RateTest, seen: readonly SeenOutcome[], now: number): readonly Window[] {
  const counted = test.windowCalls === undefined ? seen : seen.slice(-test.windowCalls)
  const { windowMs, bucketMs = (windowMs ?? 0) / 10, staleBuckets = false, countsFromStart = false } = test
  if (windowMs === undefined) return [{ ended: counted, calls: counted.length }]
  const countedAt = ({ begunAt, at }: SeenOutcome) => (countsFromStart ? begunAt : at)
  const oldest = staleBuckets ? Number.NEGATIVE_INFINITY : now - windowMs
  const forgotten = counted
    .flatMap((outcome) => [outcome.at, countedAt(outcome)])
    .filter((at) => at >= oldest && at <= now - windowMs + bucketMs && at < now)
  const windowSince = (isIn: (at: number) => boolean): Window => ({
    ended: counted.filter(({ at }) => isIn(at)),
    calls: counted.filter((outcome) => isIn(countedAt(outcome))).length,
  })
  return [windowSince((at) => at >= oldest), ...[...new Set(forgotten)].map((until) => windowSince((at) => at > until))]
}

function rateTrips(test: RateTest, { ended, calls }: Window, running: number): boolean {
  const { threshold, comparison, minimumCalls, slow, countsFromStart = false } = test
  // What is under way may have begun before the window, so that it lessens the share and does not make up the minimum.
  if (calls < minimumCalls) return false
  // Where the beginning of a call that fails is forgotten already, this may be a share of nothing, and more than any.
  const total = calls + (countsFromStart ? running : 0)
  const share = (matches: (outcome: SeenOutcome) => boolean) => ended.filter(matches).length / total
  const failures = share(({ failed }) => failed)
  if (comparison === 'gte' ? failures >= threshold : failures > threshold) return true
  return slow !== undefined && share(({ begunAt, at }) => at - begunAt > slow.afterMs) >= slow.threshold
}
