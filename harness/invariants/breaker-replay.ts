/**
 * Replays a dependency's calls against a breaker's profile, and says when it had to be open, what got through all the
 * same, and how it stood in the end. Black box: a breaker that is stricter than its profile is never at fault.
 */
import type { Crossing } from '../trace.js'
import type { DependencyBreaker } from './breaker-profile.js'
import type { BreakerStep } from './breaker-steps.js'
import { othersUnderWay } from './flows.js'
import { probesFail, type SeenOutcome, trips } from './trip-test.js'

type Step<K extends BreakerStep['kind']> = Extract<BreakerStep, { kind: K }>

/** The end of a call that opened the breaker. */
export interface Trip {
  readonly at: number
  readonly index: number
  /** Calls that begin before this must not get through. */
  readonly until: number
}

/** A call that got through though it must not have. */
export interface Breach {
  readonly how: 'open' | 'probes'
  readonly crossing: Crossing
  readonly evidence: readonly number[]
}

export interface Replay {
  readonly trips: readonly Trip[]
  readonly breach: Breach | undefined
}

interface Probe {
  readonly crossing: Crossing
  ended: SeenOutcome | undefined
}

type State =
  | {
      readonly kind: 'closed'
      readonly seen: SeenOutcome[]
      readonly fresh: number[]
      readonly blindUntil: number
      /** It may hold failures against its dependency that are not known here, and open before what is seen trips it. */
      ahead: boolean
    }
  | { readonly kind: 'open'; readonly trip: Trip; excused: number }
  | { readonly kind: 'half-open'; readonly trip: Trip; readonly probes: Probe[] }

type Closed = Extract<State, { kind: 'closed' }>

export function replayBreaker(
  breaker: DependencyBreaker,
  steps: readonly BreakerStep[],
  crossings: readonly Crossing[],
): Replay {
  const replay = new BreakerReplay(breaker, crossings)
  for (const step of steps) {
    if (replay.breach) break
    replay.take(step)
  }
  return replay
}

class BreakerReplay implements Replay {
  readonly trips: Trip[] = []
  breach: Breach | undefined
  readonly #breaker: DependencyBreaker
  readonly #crossings: readonly Crossing[]
  readonly #running = new Set<Crossing>()
  #lastBegan = Number.POSITIVE_INFINITY
  #state: State = { kind: 'closed', seen: [], fresh: [], blindUntil: Number.NEGATIVE_INFINITY, ahead: false }

  constructor(breaker: DependencyBreaker, crossings: readonly Crossing[]) {
    this.#breaker = breaker
    this.#crossings = crossings
  }

  take(step: BreakerStep): void {
    switch (step.kind) {
      case 'begin':
        this.#begin(step)
        this.#lastBegan = step.at
        this.#running.add(step.crossing)
        return
      case 'end':
        this.#running.delete(step.crossing)
        this.#end(step)
        return
      case 'clock-jump':
        this.#state = { ...this.#closed(step.at), ahead: true }
        return
    }
  }

  #begin({ at, crossing }: Step<'begin'>): void {
    if (this.#state.kind === 'open') {
      const { trip } = this.#state
      if (at < trip.until) {
        if (at === trip.at && this.#state.excused-- > 0) return
        this.breach = { how: 'open', crossing, evidence: [trip.index, crossing.callIndex] }
        return
      }
      this.#state = { kind: 'half-open', trip, probes: [] }
    }
    if (this.#state.kind === 'half-open') this.#probe(at, crossing, this.#state)
    // After so long a silence it may be a probe of a breaker that knew more than is known here.
    else if (at - this.#lastBegan >= this.#breaker.resetAfterMs) this.#state.fresh.push(crossing.callIndex)
  }

  #probe(at: number, crossing: Crossing, { trip, probes }: Extract<State, { kind: 'half-open' }>): void {
    const { probes: allowed = 1, probesDecide = 'each', resetAfterMs, timeoutMs } = this.#breaker
    // One that the agent may have given up on has, for all that can be known, failed and opened the breaker again.
    const givenUp = (probe: Probe) => timeoutMs === undefined && probe.crossing.call.at + resetAfterMs <= at
    const counted = probes.filter((probe) => (probesDecide === 'together' || !probe.ended) && !givenUp(probe))
    if (counted.length >= allowed) {
      const others = counted.map((probe) => probe.crossing.callIndex)
      this.breach = { how: 'probes', crossing, evidence: [trip.index, ...others, crossing.callIndex] }
      return
    }
    probes.push({ crossing, ended: undefined })
  }

  #end(step: Step<'end'>): void {
    switch (this.#state.kind) {
      case 'closed':
        this.#endWhileClosed(step, this.#state)
        break
      case 'open':
        break
      case 'half-open':
        this.#endWhileHalfOpen(step, this.#state)
        break
    }
  }

  #endWhileClosed(step: Step<'end'>, state: Closed): void {
    const { seen, fresh, blindUntil } = state
    if (step.as === 'uncertain') state.ahead = true
    if (step.as === 'uncertain' || (step.as === 'uncounted' && this.#breaker.uncountedAre === 'neutral')) return
    seen.push(outcomeOf(step))
    if (step.at > blindUntil && trips(this.#breaker.trips, seen, fresh, this.#running.size)) {
      // It was not open yet when the last call got through.
      this.#open(step, state.ahead ? this.#lastBegan : step.at)
    } else if (step.as !== 'failure' && this.#breaker.trips.kind === 'consecutive') state.ahead = false
  }

  #endWhileHalfOpen(step: Step<'end'>, state: Extract<State, { kind: 'half-open' }>): void {
    const probe = state.probes.find(({ crossing }) => crossing === step.crossing)
    if (this.#breaker.probesDecide === 'together') {
      if (probe) this.#decideTogether(step, probe, state)
      return
    }
    // A call from before the trip that ends well closes some libraries' breakers; none is held to staying half open.
    if (step.as === 'success' || step.as === 'uncounted') this.#state = this.#closed(step.at, step)
    else if (probe) this.#open(step)
  }

  #decideTogether(step: Step<'end'>, probe: Probe, { probes }: Extract<State, { kind: 'half-open' }>): void {
    if (step.as === 'uncounted') {
      // Its permit is given back.
      probes.splice(probes.indexOf(probe), 1)
      return
    }
    probe.ended = outcomeOf(step)
    const ended = probes.flatMap(({ ended }) => ended ?? [])
    if (ended.length < (this.#breaker.probes ?? 1)) return
    if (probesFail(this.#breaker.trips, ended)) this.#open(step)
    else this.#state = this.#closed(step.at)
  }

  /** `earliest` is when it may have opened already. */
  #open({ at, index, knownAt, crossing }: Step<'end'>, earliest: number = at): void {
    const trip = { at, index, until: Math.min(knownAt, earliest) + this.#breaker.resetAfterMs }
    this.trips.push(trip)
    this.#state = { kind: 'open', trip, excused: othersUnderWay(crossing, this.#crossings) }
  }

  /**
   * Closed anew, by the end of a probe where that is given. Where calls that were turned away count, and nobody can see
   * them, nothing is known until they are forgotten.
   */
  #closed(at: number, by?: Step<'end'>): Closed {
    const test = this.#breaker.trips
    const blindMs = test.kind === 'rate' && test.countsFromStart ? (test.windowMs ?? Number.POSITIVE_INFINITY) : 0
    const blindUntil = blindMs > 0 ? at + blindMs : Number.NEGATIVE_INFINITY
    return by
      ? { kind: 'closed', seen: [outcomeOf(by)], fresh: [by.crossing.callIndex], blindUntil, ahead: false }
      : { kind: 'closed', seen: [], fresh: [], blindUntil, ahead: false }
  }
}

function outcomeOf({ at, as, crossing }: Step<'end'>): SeenOutcome {
  return { index: crossing.callIndex, begunAt: crossing.call.at, at, failed: as === 'failure' || as === 'uncertain' }
}
