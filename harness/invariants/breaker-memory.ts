/**
 * What a breaker may have counted when it opens or stays closed, by its own account. Apart from the states, because here
 * its outcomes meet the profile: what counts, what is neutral, and which calls count while they are under way.
 */
import { type Account, endingsOf, type ToldCall } from './breaker-account.js'
import type { DependencyBreaker } from './breaker-profile.js'
import { dependencyFailures, failureOf } from './outcomes.js'
import { type Memory, mayTrip, mustTrip, type OtherCall, type SeenOutcome } from './trip-test.js'

/** Whose word is taken on what counts as a failure: the breaker's, or the profile's where the trace shows what failed. */
export type Reading = 'as-told' | 'by-profile'

export class BreakerMemory {
  readonly #breaker: DependencyBreaker
  readonly #account: Account
  readonly #fresh: number[] = []
  readonly #turnedAway: OtherCall[] = []
  /** How many of the account's calls have ended so far. */
  #ended = 0
  /** Whether it may have counted something that is not seen here. */
  older: boolean

  constructor(breaker: DependencyBreaker, account: Account) {
    this.#breaker = breaker
    this.#account = account
    const { observed, crossings } = account
    this.older = !observed.news.fresh || crossings.some(({ callIndex }) => callIndex < observed.index)
  }

  ended(): void {
    this.#ended++
  }

  /** With the event at `index` it may have forgotten what was before. */
  forgets(index: number): void {
    this.#fresh.push(index)
  }

  turnedAway(at: number, index: number): void {
    this.#turnedAway.push({ index, begunAt: at, certain: true })
  }

  /** Whether the profile lets the failure count, as far as the trace shows: where several calls may be meant, all must not. */
  counts(call: ToldCall): boolean {
    const { counts = dependencyFailures } = this.#breaker
    const endings = endingsOf(call, this.#account.crossings, (crossing) => {
      const failure = failureOf(crossing)
      return failure !== undefined && !counts(failure)
    })
    return endings.length === 0 || !endings.every((isUncounted) => isUncounted === true)
  }

  /** Whether it has to be open by now, whatever it forgets. */
  mustTrip(): boolean {
    const neutral = this.#breaker.uncountedAre === 'neutral'
    return mustTrip(this.#breaker.trips, this.#memory(this.#ended, 'by-profile', neutral))
  }

  /** Whether it may have opened at `at`. What was told of in that moment it may not have counted yet. */
  mayTrip(at: number, reading: Reading): boolean {
    for (let ended = this.#ended; ended >= 0; ended--) {
      for (const neutral of [true, false]) {
        if (mayTrip(this.#breaker.trips, this.#memory(ended, reading, neutral))) return true
      }
      if (this.#account.calls[ended - 1]?.at !== at) break
    }
    return false
  }

  #memory(ended: number, reading: Reading, neutral: boolean): Memory {
    const { calls } = this.#account
    const seen = calls.slice(0, ended).flatMap((call): SeenOutcome[] => {
      const isFailure = call.as === 'failed' && (reading === 'as-told' || this.counts(call))
      const isCounted = isFailure || call.as === 'succeeded' || !neutral
      return isCounted ? [{ index: call.index, begunAt: call.begunAt, at: call.at, failed: isFailure }] : []
    })
    const { trips } = this.#breaker
    const others = trips.kind === 'rate' && trips.countsFromStart ? this.#others(ended) : []
    return { seen, fresh: this.#fresh, others, older: this.older }
  }

  /** Calls that were turned away or are under way once the first `ended` have ended. */
  #others(ended: number): OtherCall[] {
    const { calls, unclaimed } = this.#account
    const now = calls[ended - 1]?.at ?? Number.NEGATIVE_INFINITY
    const running = calls.slice(ended).map(
      ({ index, begunAt, crossing }): OtherCall => ({
        index: crossing?.callIndex ?? index,
        begunAt,
        certain: begunAt < now && begunAt > Number.NEGATIVE_INFINITY,
      }),
    )
    const unheard = unclaimed.map(({ call, callIndex }) => ({ index: callIndex, begunAt: call.at, certain: false }))
    return [...this.#turnedAway, ...[...running, ...unheard].filter(({ begunAt }) => begunAt <= now)]
  }
}
