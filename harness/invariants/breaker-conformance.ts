/**
 * Goes through a breaker's own account state by state and holds it to its profile. What it asks of a crossing it asks
 * only where it is certain which call that was; everything that happens in one moment may have happened in any order.
 */
import type { BreakerNews } from '../breaker.js'
import { type Crossing, siteName } from '../trace.js'
import type { Account, Told, ToldCall } from './breaker-account.js'
import { BreakerMemory } from './breaker-memory.js'
import type { DependencyBreaker } from './breaker-profile.js'
import { overlapBeyond, underWayWithin } from './breaker-spans.js'
import { probesFail } from './trip-test.js'

/** In which way a breaker is not as its profile has it. */
export interface Misconduct {
  readonly how: 'early' | 'miscounts' | 'late' | 'open' | 'bypass' | 'too-soon' | 'probes' | 'does-not-close' | 'stuck'
  readonly story: string
  readonly evidence: readonly number[]
}

export interface Conduct {
  readonly misconduct: Misconduct | undefined
  /** Whether it opened, or had to. */
  readonly tested: boolean
}

type State =
  | { readonly kind: 'closed' }
  /** `timed`: since when it is open is known, and by a clock that nobody moved. */
  | { readonly kind: 'open'; readonly since: number; readonly index: number; readonly timed: boolean }
  | HalfOpen

interface HalfOpen {
  readonly kind: 'half-open'
  readonly since: number
  readonly index: number
  /** Whether it was seen to become so. */
  readonly entered: boolean
  /** Calls that tried and ended. */
  readonly tried: ToldCall[]
}

/** The end of a call with which it had to open. */
interface Due {
  readonly at: number
  readonly index: number
}

type Step =
  | { readonly kind: 'told'; readonly at: number; readonly index: number; readonly told: Told }
  | { readonly kind: 'begin'; readonly at: number; readonly index: number; readonly crossing: Crossing }
  | { readonly kind: 'clock-jump'; readonly at: number; readonly index: number }

export function conductOf(breaker: DependencyBreaker, account: Account): Conduct {
  const judge = new ConductJudge(breaker, account)
  for (const step of stepsOf(account)) {
    if (judge.misconduct) break
    judge.take(step)
  }
  judge.end()
  return judge
}

function stepsOf({ observed, news, crossings, jumps }: Account): Step[] {
  const steps: Step[] = [
    ...news.map((told): Step => ({ kind: 'told', at: told.at, index: told.index, told })),
    ...crossings.map((crossing): Step => {
      return { kind: 'begin', at: crossing.call.at, index: crossing.callIndex, crossing }
    }),
    ...jumps.map((jump): Step => ({ kind: 'clock-jump', ...jump })),
  ]
  return steps.filter(({ index }) => index >= observed.index).sort((a, b) => a.index - b.index)
}

class ConductJudge implements Conduct {
  misconduct: Misconduct | undefined
  tested = false
  readonly #breaker: DependencyBreaker
  readonly #account: Account
  readonly #memory: BreakerMemory
  readonly #calls: ReadonlyMap<number, ToldCall>
  readonly #callOf: ReadonlyMap<Crossing | undefined, ToldCall>
  readonly #wasHalfOpen: { readonly from: number; readonly to: number }[] = []
  #state: State = { kind: 'closed' }
  #due: Due | undefined

  constructor(breaker: DependencyBreaker, account: Account) {
    this.#breaker = breaker
    this.#account = account
    this.#memory = new BreakerMemory(breaker, account)
    this.#calls = new Map(account.calls.map((call) => [call.index, call]))
    this.#callOf = new Map(account.calls.map((call) => [call.crossing, call]))
  }

  take(step: Step): void {
    switch (step.kind) {
      case 'told':
        this.#hear(step.told.news, step)
        return
      case 'begin':
        this.#begin(step.crossing)
        return
      case 'clock-jump':
        this.#jump()
        return
    }
  }

  end(): void {
    if (!this.misconduct) this.#leave(Number.POSITIVE_INFINITY)
  }

  #hear(news: BreakerNews, { at, index }: Step): void {
    switch (news.event) {
      case 'observed':
        if (news.state === 'open') this.#state = { kind: 'open', since: at, index, timed: false }
        if (news.state === 'half-open') this.#state = { kind: news.state, since: at, index, entered: false, tried: [] }
        return
      case 'opened':
        this.#opened(at, index, news.by === 'hand')
        return
      case 'half-opened':
        this.#wakes(at, index)
        this.#turn({ kind: 'half-open', since: at, index, entered: true, tried: [] }, at)
        return
      case 'closed':
        if (news.by !== 'hand') this.#wakes(at, index)
        this.#memory.forgets(index)
        this.#turn({ kind: 'closed' }, at, news.by !== 'hand')
        return
      case 'succeeded':
      case 'failed':
      case 'ignored':
        this.#ended(index)
        return
      case 'rejected':
        this.#memory.turnedAway(at, index)
        if (this.#state.kind === 'half-open') this.#rejectedHalfOpen(at, index, this.#state)
        return
      case 'spared':
        this.#memory.turnedAway(at, index)
        return
    }
  }

  #opened(at: number, index: number, byHand: boolean): void {
    if (!byHand) {
      this.tested = true
      if (this.#state.kind === 'closed') this.#mayOpen(at, index)
      if (this.#state.kind === 'half-open') this.#mayOpenAgain(index, this.#state)
    }
    this.#turn({ kind: 'open', since: at, index, timed: !byHand }, at)
  }

  #mayOpen(at: number, index: number): void {
    const late = this.#lateTries(at, index)
    if (late.length === 0 && !this.#memory.mayTrip(at, 'as-told')) {
      const heard = this.#account.calls.filter((call) => call.index < index).slice(-3)
      this.#finds('early', 'It opened though too little had failed by its own count.', [
        ...heard.map((call) => call.index),
        index,
      ])
    } else if (late.every((call) => this.#isWronglyCounted(call)) && !this.#memory.mayTrip(at, 'by-profile')) {
      const wrong = this.#account.calls.filter((call) => call.index < index && this.#isWronglyCounted(call))
      const evidence = wrong.flatMap(({ crossing }) => (crossing ? [crossing.resultIndex] : []))
      this.#finds('miscounts', 'It opened because it counts failures that say nothing against its dependency.', [
        ...evidence,
        index,
      ])
    }
  }

  /** Failures of this moment of calls that it had let through to try; some libraries open for them however late they come. */
  #lateTries(at: number, index: number): ToldCall[] {
    const isTry = ({ begunAt }: ToldCall) =>
      this.#wasHalfOpen.some(({ from, to }) => begunAt >= from && begunAt <= to) || begunAt === Number.NEGATIVE_INFINITY
    return this.#account.calls.filter(
      (call) => call.as === 'failed' && call.at === at && call.index < index && isTry(call),
    )
  }

  #mayOpenAgain(index: number, { since, tried }: HalfOpen): void {
    if (this.#memory.older) return
    const failed = this.#account.calls.filter((call) => call.as === 'failed' && call.at >= since && call.index < index)
    if (failed.length === 0) {
      this.#finds('early', 'It opened again though no call that tried had failed.', [
        ...tried.map((call) => call.index),
        index,
      ])
    } else if (failed.every((call) => this.#isWronglyCounted(call))) {
      const evidence = failed.flatMap(({ crossing }) => (crossing ? [crossing.resultIndex] : []))
      this.#finds('miscounts', 'It opened again for a failure that says nothing against its dependency.', [
        ...evidence,
        index,
      ])
    }
  }

  #isWronglyCounted(call: ToldCall): boolean {
    return call.as === 'failed' && !this.#memory.counts(call)
  }

  /** It lets calls through again, to try or without more ado. */
  #wakes(at: number, index: number): void {
    if (this.#state.kind !== 'open' || !this.#state.timed) return
    if (at - this.#state.since > this.#breaker.resetAfterMs - 1) return
    const story = `It let calls through again ${at - this.#state.since} ms after it had opened.`
    this.#finds('too-soon', story, [this.#state.index, index])
  }

  #ended(index: number): void {
    const call = this.#calls.get(index)
    if (!call) return
    this.#memory.ended()
    switch (this.#state.kind) {
      case 'closed':
        this.#mustOpen(call)
        return
      case 'open':
        if (call.as === 'succeeded') this.#memory.forgets(index)
        return
      case 'half-open':
        if (call.as === 'succeeded') this.#memory.forgets(index)
        this.#tried(call, this.#state)
        return
    }
  }

  #mustOpen(call: ToldCall): void {
    const { trips } = this.#breaker
    const isDecisive = call.as === 'failed' || (trips.kind === 'rate' && trips.slow !== undefined)
    if (!isDecisive || this.#due || !this.#memory.mustTrip()) return
    this.tested = true
    this.#due = call
  }

  #tried(call: ToldCall, { since, entered, tried }: HalfOpen): void {
    if (!entered || call.begunAt < since) return
    tried.push(call)
    const { probes = 1, probesDecide = 'each', trips } = this.#breaker
    const decisive = tried.filter(({ as }) => as !== 'ignored')
    const isFailure = (one: ToldCall) => one.as === 'failed' && this.#memory.counts(one)
    if (probesDecide === 'each' && isFailure(call)) this.#due ??= call
    if (probesDecide === 'together' && decisive.length === probes) {
      const outcomes = decisive.map((one) => ({ ...one, failed: isFailure(one) }))
      if (probesFail(trips, outcomes)) this.#due ??= call
    }
  }

  #rejectedHalfOpen(at: number, index: number, state: HalfOpen): void {
    const { since, entered, tried } = state
    const { probes = 1, resetAfterMs } = this.#breaker
    if (!entered) return
    const last = tried.at(-1)
    const isHealthy = tried.length >= probes && tried.every(({ as }) => as === 'succeeded')
    if (isHealthy && last && last.at < at && !underWayWithin(this.#account, last.at + 1, at)) {
      const story = 'The calls that tried had succeeded, and it turned the next one away.'
      this.#finds('does-not-close', story, [...tried.map((call) => call.index), index])
    } else if (at - since > resetAfterMs && !underWayWithin(this.#account, at - resetAfterMs, at)) {
      const story = `It was half open, no call had been trying for ${resetAfterMs} ms, and it turned one away.`
      this.#finds('stuck', story, [state.index, index])
    }
  }

  #begin(crossing: Crossing): void {
    const { at } = crossing.call
    if (this.#state.kind === 'open') {
      if (at > this.#state.since) this.#beginsWhileOpen(crossing, this.#state)
    } else if (this.#due && at > this.#due.at) this.#beginsWhenDue(crossing, this.#due)
  }

  #beginsWhileOpen(crossing: Crossing, { since, index }: Extract<State, { kind: 'open' }>): void {
    const call = this.#callOf.get(crossing)
    const site = siteName(crossing.call.site)
    if (call) {
      const story = `It was open, and let a call to ${site} through.`
      if (call.begunAt > since) this.#finds('open', story, [index, crossing.callIndex])
    } else if (this.#isBypass(crossing, since)) {
      this.#finds('bypass', `It was open, and a call to ${site} went past it.`, [index, crossing.callIndex])
    }
  }

  /** Whether the breaker cannot have had a hand in the call: none that it let through before it opened can have made it. */
  #isBypass({ call, result }: Crossing, openedAt: number): boolean {
    const { calls, unclaimed, endsAt } = this.#account
    if (result === undefined || result.at >= endsAt) return false
    const isInside = (one: ToldCall) => one.begunAt <= openedAt && one.at >= call.at
    return !calls.some(isInside) && !unclaimed.some((other) => other.call.at <= openedAt && other.result)
  }

  #beginsWhenDue(crossing: Crossing, due: Due): void {
    if (crossing.call.at >= due.at + this.#breaker.resetAfterMs) {
      this.#due = undefined
      return
    }
    const call = this.#callOf.get(crossing)
    if (!call || call.begunAt <= due.at) return
    const story = `It had to open, and let the next call to ${siteName(crossing.call.site)} through.`
    this.#finds('late', story, [due.index, crossing.callIndex])
  }

  /** Some breakers measure by the wall clock. */
  #jump(): void {
    const { trips } = this.#breaker
    if (trips.kind === 'rate' && trips.windowMs !== undefined) this.#memory.older = true
    this.#due = undefined
    if (this.#state.kind === 'open') this.#state = { ...this.#state, timed: false }
    if (this.#state.kind === 'half-open') this.#state = { ...this.#state, entered: false }
  }

  /** `keepsDue`: closing by itself does not undo that it had to be open. */
  #turn(state: State, at: number, keepsDue = false): void {
    this.#leave(at)
    this.#state = state
    if (!keepsDue) this.#due = undefined
  }

  /** Looks back on the time for which it was half open, now that it is over. */
  #leave(until: number): void {
    const state = this.#state
    if (state.kind !== 'half-open') return
    this.#wasHalfOpen.push({ from: state.since, to: until })
    if (!state.entered) return
    const { probes = 1, probesDecide = 'each' } = this.#breaker
    const tried = this.#account.calls.filter(({ begunAt }) => begunAt >= state.since && begunAt < until)
    const decisive = tried.filter(({ as }) => as !== 'ignored')
    const beyond = probesDecide === 'together' ? decisive.slice(0, probes + 1) : overlapBeyond(probes, tried)
    if (beyond.length <= probes) return
    const evidence = beyond.map(({ crossing, index }) => crossing?.callIndex ?? index)
    const story = `It was half open, and let ${beyond.length} calls try where ${probes} may.`
    this.#finds('probes', story, [state.index, ...evidence])
  }

  #finds(how: Misconduct['how'], story: string, evidence: readonly number[]): void {
    this.misconduct ??= { how, story, evidence: [...new Set(evidence)].sort((a, b) => a - b) }
  }
}
