/**
 * Replays a dependency's calls against a breaker's profile. It says when the breaker had to be open, what got through
 * all the same, and how it stood in the end. Black box: a breaker that is stricter than its profile is never at fault.
 */
import type { Crossing } from '../../contracts/trace.js'
import { othersUnderWay } from '../reading/flows.js'
import type { DependencyBreaker } from './profile.js'
import { type BreakerStep, isGivenUp } from './steps.js'
import { mustTrip, type OtherCall, probesFail, type SeenOutcome } from './trip-test.js'

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

export interface BreakerFindings {
  readonly trips: readonly Trip[]
  readonly breach: Breach | undefined
}

interface Probe {
  readonly crossing: Crossing
  ended: SeenOutcome | undefined
}

type State =
  | { readonly kind: 'closed'; readonly fresh: number[]; blindUntil: number }
  | { readonly kind: 'open'; readonly trip: Trip; excused: number }
  | HalfOpen

interface HalfOpen {
  readonly kind: 'half-open'
  readonly trip: Trip
  readonly probes: Probe[]
  /** When a call from before the trip first failed, for which some libraries open again. */
  mayHaveOpenedAt: number
}

export function replayBreaker(
  breaker: DependencyBreaker,
  steps: readonly BreakerStep[],
  crossings: readonly Crossing[],
): BreakerFindings {
  const replay = new BreakerReplay(breaker, crossings)
  for (const step of steps) {
    if (replay.breach) break
    replay.take(step)
  }
  return replay
}

class BreakerReplay implements BreakerFindings {
  readonly trips: Trip[] = []
  breach: Breach | undefined
  readonly #breaker: DependencyBreaker
  readonly #crossings: readonly Crossing[]
  readonly #running = new Set<Crossing>()
  #lastBegan = Number.POSITIVE_INFINITY
  /** When a call first failed since the last one began: a breaker that is stricter, or knew more, may be open from then on. */
  #mayBeOpenSince = Number.POSITIVE_INFINITY
  /** All that counts; closing clears it or not. */
  readonly #seen: SeenOutcome[] = []
  readonly #givenUp = new WeakSet<SeenOutcome>()
  #state: State = { kind: 'closed', fresh: [], blindUntil: Number.NEGATIVE_INFINITY }

  constructor(breaker: DependencyBreaker, crossings: readonly Crossing[]) {
    this.#breaker = breaker
    this.#crossings = crossings
  }

  take(step: BreakerStep): void {
    switch (step.kind) {
      case 'begin':
        this.#begin(step)
        this.#lastBegan = step.at
        // Whoever calls in the instant of a failure may have been let through before it was known.
        if (this.#mayBeOpenSince < step.at) this.#mayBeOpenSince = Number.POSITIVE_INFINITY
        this.#running.add(step.crossing)
        return
      case 'end':
        this.#running.delete(step.crossing)
        if (step.as !== 'success') this.#mayBeOpenSince = Math.min(this.#mayBeOpenSince, step.knownAt)
        this.#end(step)
        return
      case 'clock-jump':
        this.#state = this.#jump(step)
        return
    }
  }

  /** Nobody knows how it stands now. It counts on from what it had, or from here; by time, nobody knows what it holds. */
  #jump({ index }: Step<'clock-jump'>): State {
    const { trips } = this.#breaker
    const isTimed = trips.kind === 'rate' && (trips.windowMs !== undefined || trips.countsFromStart === true)
    return { kind: 'closed', fresh: [index], blindUntil: isTimed ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY }
  }

  #begin({ at, crossing }: Step<'begin'>): void {
    if (this.#state.kind === 'open') {
      const { trip } = this.#state
      if (at < trip.until) {
        if (at === trip.at && this.#state.excused-- > 0) return
        this.breach = { how: 'open', crossing, evidence: [trip.index, crossing.callIndex] }
        return
      }
      this.#state = halfOpen(trip)
    }
    if (this.#state.kind === 'half-open') this.#probe(at, crossing, this.#state)
    // After so long a silence it may be a probe of a breaker that knew more than is known here, and turned calls away.
    else if (at - this.#lastBegan >= this.#breaker.resetAfterMs) {
      this.#state.fresh.push(crossing.callIndex)
      this.#state.blindUntil = this.#blindAfter(at)
    }
  }

  #probe(at: number, crossing: Crossing, { trip, probes, mayHaveOpenedAt }: HalfOpen): void {
    const { probes: allowed = 1, probesDecide = 'each', resetAfterMs, timeoutMs } = this.#breaker
    // One that the agent may have given up on has, for all that can be known, failed and opened the breaker again.
    const isGivenUp = (probe: Probe) => timeoutMs === undefined && probe.crossing.call.at + resetAfterMs <= at
    const isOlder = ({ crossing: { call } }: Probe) =>
      call.at <= mayHaveOpenedAt && mayHaveOpenedAt + resetAfterMs <= at
    const isCounted = (probe: Probe) => (probesDecide === 'together' || !probe.ended) && !isGivenUp(probe)
    const counted = probes.filter((probe) => isCounted(probe) && !isOlder(probe))
    if (counted.length >= allowed) {
      const others = counted.map((probe) => probe.crossing.callIndex)
      this.breach = { how: 'probes', crossing, evidence: [trip.index, ...others, crossing.callIndex] }
      return
    }
    probes.push({ crossing, ended: undefined })
  }

  #end(step: Step<'end'>): void {
    // Some libraries go half open by a timer, and not with the next call.
    if (this.#state.kind === 'open' && step.at >= this.#state.trip.until) this.#state = halfOpen(this.#state.trip)
    if (isCounted(step, this.#breaker)) {
      const outcome = outcomeOf(step)
      this.#seen.push(outcome)
      if (isGivenUp(step)) this.#givenUp.add(outcome)
    }
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

  #endWhileClosed(step: Step<'end'>, { fresh, blindUntil }: Extract<State, { kind: 'closed' }>): void {
    if (!isCounted(step, this.#breaker) || step.at <= blindUntil) return
    const others = this.#underWay(step.at)
    const isTripped = (seen: readonly SeenOutcome[]) => mustTrip(this.#breaker.trips, { seen, fresh, others })
    if (isTripped(this.#seen) && (!isGivenUp(step) || isTripped(this.#beforeGivingUp(step.at)))) this.#open(step)
  }

  /** What ended in the moment in which a call was given up may have come before that or after it. */
  #beforeGivingUp(now: number): SeenOutcome[] {
    return this.#seen.filter((outcome) => outcome.at < now || this.#givenUp.has(outcome))
  }

  /** Which of the calls of this moment came first is not known to who was given up in it. */
  #underWay(now: number): OtherCall[] {
    return [...this.#running].map(({ call, callIndex }) => {
      return { index: callIndex, begunAt: call.at, certain: call.at < now }
    })
  }

  #endWhileHalfOpen(step: Step<'end'>, state: HalfOpen): void {
    const probe = state.probes.find(({ crossing }) => crossing === step.crossing)
    if (this.#breaker.probesDecide === 'together') {
      if (probe) this.#decideTogether(step, probe, state)
      return
    }
    // A call from before the trip that ends well closes some libraries' breakers; none is held to staying half open.
    if (step.as === 'success' || step.as === 'uncounted') this.#state = this.#close(step.at, step)
    else if (probe) this.#open(step)
    else state.mayHaveOpenedAt = Math.min(state.mayHaveOpenedAt, step.at)
  }

  #decideTogether(step: Step<'end'>, probe: Probe, { probes }: HalfOpen): void {
    if (step.as === 'uncounted') {
      // Its permit is given back.
      probes.splice(probes.indexOf(probe), 1)
      return
    }
    probe.ended = outcomeOf(step)
    const ended = probes.flatMap(({ ended }) => ended ?? [])
    if (ended.length < (this.#breaker.probes ?? 1)) return
    if (probesFail(this.#breaker.trips, ended)) this.#open(step)
    else this.#state = this.#close(step.at)
  }

  #open({ at, index, crossing }: Step<'end'>): void {
    const trip = { at, index, until: this.#mayBeOpenSince + this.#breaker.resetAfterMs }
    this.trips.push(trip)
    this.#state = { kind: 'open', trip, excused: othersUnderWay(crossing, this.#crossings) }
  }

  /** Closed anew, by the end of a probe where that is given. */
  #close(at: number, by?: Step<'end'>): State {
    if (!by) this.#seen.length = 0
    return { kind: 'closed', fresh: by ? [by.crossing.callIndex] : [], blindUntil: this.#blindAfter(at) }
  }

  /** Where calls that are turned away count, and nobody can see them, nothing is known until they are forgotten. */
  #blindAfter(at: number): number {
    const test = this.#breaker.trips
    const isBlind = test.kind === 'rate' && test.countsFromStart
    return isBlind ? at + (test.windowMs ?? Number.POSITIVE_INFINITY) : Number.NEGATIVE_INFINITY
  }
}

function halfOpen(trip: Trip): HalfOpen {
  return { kind: 'half-open', trip, probes: [], mayHaveOpenedAt: Number.POSITIVE_INFINITY }
}

/** Whether it is certain that it counts. */
function isCounted({ as }: Step<'end'>, { uncountedAre }: DependencyBreaker): boolean {
  return as !== 'uncertain' && (as !== 'uncounted' || uncountedAre !== 'neutral')
}

function outcomeOf({ at, as, crossing }: Step<'end'>): SeenOutcome {
  return { index: crossing.callIndex, begunAt: crossing.call.at, at, failed: as === 'failure' || as === 'uncertain' }
}
