/**
 * Settles, crossing by crossing, what the plan does to it. It only counts and looks up: chance was spent when the plan
 * was made. A measured trial has no plan before it runs: what is drawn for a crossing enters the plan as it comes.
 */
import type { Action, Treatment } from '../../faults/action.js'
import { isEnding, isMistakenAsk } from '../../faults/action.js'
import type { ActionAt, Boundary } from '../../faults/boundaries.js'
import type { Fault } from '../../faults/fault.js'
import { encodeInjection } from '../../faults/plan/notation.js'
import type { Plan } from '../../faults/plan/plan.js'
import { isClosed } from '../../faults/plan/plan.js'
import type { Site } from '../../faults/site.js'
import type { OpenCrossing, Opening } from '../contracts/crossing.js'
import type { InjectionRecord, Outcome, ReplyFacts } from '../contracts/trace.js'
import {
  type Armed,
  advance,
  arm,
  type Composed,
  compose,
  endsAt,
  isDue,
  isLasting,
  isUnderWay,
  type Slot,
  type Strike,
  strikesOf,
} from './armed.js'
import type { Draw } from './chance.js'
import type { Recorder } from './recorder.js'

interface SiteBook {
  readonly site: Site
  occurrences: number
  /** Those whose last try failed: only they can be tried again. They are few. */
  readonly failed: Slot[]
}

/** What was counted so far, as plain data. */
export interface InjectorSnapshot {
  readonly books: readonly (readonly [string, SiteBook])[]
  readonly armed: readonly Pick<Armed, 'startedAt' | 'met' | 'status' | 'selectors' | 'lack'>[]
  readonly crossings: number
  /** What was drawn so far, in a measured trial. */
  readonly drawn: Plan
}

export class Injector {
  readonly #recorder: Recorder
  readonly #armed: Armed[]
  readonly #faults: readonly Fault[]
  readonly #draw: Draw | undefined
  /** What was drawn and may strike more crossings than the one that it was drawn for. */
  readonly #lasting: Armed[]
  readonly #books: Map<string, SiteBook>
  /** What was begun and has not ended. */
  readonly #pending = new Map<Slot, SiteBook>()
  #crossings: number

  /**
   * `before` is what another process counted in the same trial, under the same plan. With `draw` the plan is empty, and
   * what is drawn takes its place.
   */
  constructor(plan: Plan, faults: readonly Fault[], recorder: Recorder, before?: InjectorSnapshot, draw?: Draw) {
    this.#recorder = recorder
    this.#faults = faults
    this.#draw = draw
    this.#books = new Map(before?.books)
    this.#crossings = before?.crossings ?? 0
    let selectors = 0
    this.#armed = [...plan, ...(before?.drawn ?? [])].map((injection, index) => ({
      injection,
      index,
      faults: injection.faults.map((use) => arm(use.fault, use.params, faults)),
      selectors: injection.sites.map(() => ({ id: selectors++, count: 0 })),
      startedAt: null,
      met: 0,
      status: 'planned',
      ...before?.armed[index],
    }))
    this.#lasting = draw ? this.#armed.filter(({ injection }) => isLasting(injection)) : []
  }

  /** What was planned, or drawn so far: under it, the same seed gives the same trace. */
  get plan(): Plan {
    return this.#armed.map(({ injection }) => injection)
  }

  /** Whether any fault has taken effect so far. */
  get hasLanded(): boolean {
    return this.#armed.some(({ status }) => status === 'landed')
  }

  /** To be taken once nothing is pending. */
  snapshot(): InjectorSnapshot {
    return {
      books: [...this.#books],
      armed: this.#armed.map(({ startedAt, met, status, selectors, lack }) => ({
        startedAt,
        met,
        status,
        selectors,
        ...(lack !== undefined && { lack }),
      })),
      crossings: this.#crossings,
      drawn: this.#draw ? this.plan : [],
    }
  }

  open<B extends Boundary>(boundary: B, opening: Opening): OpenCrossing<B> {
    const book = this.#book(boundary, opening.target)
    const { slot, fresh } = take(book, opening.identity)
    const number = this.#crossings++
    this.#recorder.record({
      kind: 'call',
      crossing: number,
      parent: opening.parent,
      site: book.site,
      occurrence: slot.occurrence,
      attempt: slot.attempt,
      request: opening.request,
      identity: opening.identity,
      traits: opening.traits,
    })
    const strikes = this.#draw
      ? this.#strikesOfDraw(this.#draw, book.site, slot, opening)
      : this.#strikes(book.site, slot, fresh, opening)
    return this.#crossing(number, book, slot, compose(strikes))
  }

  /** The agent crashed: whatever it waited for did not succeed for it, and asked again it is a further attempt. */
  abandon(): void {
    for (const [slot, book] of this.#pending) book.failed.push(slot)
    this.#pending.clear()
  }

  records(): InjectionRecord[] {
    return this.#armed.map(({ injection, faults, status, startedAt, lack }) => ({
      text: encodeInjection(injection),
      faults: faults.length,
      closed: isClosed(injection),
      status,
      endsAt: endsAt(injection, startedAt),
      ...(status === 'reached' && lack !== undefined && { lack }),
    }))
  }

  #book(boundary: Boundary, target: string): SiteBook {
    const key = `${boundary}:${target}`
    const known = this.#books.get(key)
    if (known) return known
    const book: SiteBook = { site: { boundary, target }, occurrences: 0, failed: [] }
    this.#books.set(key, book)
    return book
  }

  /** What lasts from before, in the order in which it was drawn, then what is drawn for this crossing. */
  #strikesOfDraw(draw: Draw, site: Site, slot: Slot, opening: Opening): Strike[] {
    const lasting = this.#lasting.filter((armed) => isUnderWay(armed, site, slot, this.#recorder.now()))
    const strikes = lasting.flatMap((armed) => strikesOf(armed, site, opening))
    const { occurrence, attempt } = slot
    const injection = draw({ address: { site, occurrence, attempt }, traits: opening.traits })
    if (!injection) return strikes
    const faults = injection.faults.map((use) => arm(use.fault, use.params, this.#faults))
    const index = this.#armed.length
    const startedAt = injection.when.kind === 'outage' ? this.#recorder.now() : null
    const armed: Armed = { injection, index, faults, selectors: [], startedAt, met: 0, status: 'reached' }
    this.#armed.push(armed)
    if (isLasting(injection)) this.#lasting.push(armed)
    return [...strikes, ...faults.map((each) => ({ armed, ...each }))]
  }

  #strikes(site: Site, slot: Slot, fresh: boolean, opening: Opening): Strike[] {
    if (this.#armed.length === 0) return []
    const now = this.#recorder.now()
    const strikes: Strike[] = []
    for (const armed of this.#armed) {
      if (isDue(armed, site, slot, fresh, opening, now)) strikes.push(...strikesOf(armed, site, opening))
    }
    return strikes
  }

  #land(crossing: number, { armed, fault, actions }: Strike): void {
    const token = tokenOf(actions)
    advance(armed, 'landed')
    this.#recorder.record({
      kind: 'fault',
      crossing,
      injection: armed.index,
      fault: fault.name,
      class: fault.class,
      actions: actions.map((action) => action.kind),
      ...(token !== undefined && { token }),
      ...(actions.some(isMistakenAsk) && { mistaken: true as const }),
    })
  }

  #crossing<B extends Boundary>(number: number, book: SiteBook, slot: Slot, composed: Composed): OpenCrossing<B> {
    let unstruck = composed.effective
    this.#pending.set(slot, book)
    return {
      number,
      // A fault's type admits only actions of its own boundaries, and only faults of this boundary strike here.
      treatment: composed.treatment as Treatment<ActionAt<B>>,
      endingClass: composed.endingClass,
      strike: (which = 'all') => {
        if (unstruck.length === 0) return
        const striking = which === 'all' ? unstruck : unstruck.filter(({ actions }) => !actions.some(isEnding))
        unstruck = unstruck.filter((strike) => !striking.includes(strike))
        for (const strike of striking) this.#land(number, strike)
      },
      finish: (outcome: Outcome, reply?: ReplyFacts) => {
        this.#pending.delete(slot)
        if (outcome.kind === 'failed') book.failed.push(slot)
        this.#recorder.record({ kind: 'return', crossing: number, outcome, ...(reply && { reply }) })
      },
    }
  }
}

function tokenOf(actions: readonly Action[]): string | undefined {
  return actions.find((action) => action.kind === 'poison')?.token
}

/** An equal request after a failure is a further attempt; anything else is the next occurrence. */
function take(book: SiteBook, identity: string): { slot: Slot; fresh: boolean } {
  const known = book.failed.findIndex((slot) => slot.identity === identity)
  const [slot] = known < 0 ? [] : book.failed.splice(known, 1)
  if (slot) {
    slot.attempt++
    return { slot, fresh: false }
  }
  return { slot: { identity, occurrence: ++book.occurrences, attempt: 1, ordinals: [] }, fresh: true }
}
