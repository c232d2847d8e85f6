/**
 * A planned injection while its trial runs. It says whether its time has come at a crossing, how far it got, and what
 * several of them make of one crossing. Apart from the injector, which counts crossings and records them.
 */
import type { Action, Ending, Modifier, Treatment } from '../../faults/action.js'
import { isEnding } from '../../faults/action.js'
import type { Fault, FaultClass } from '../../faults/fault.js'
import type { Injection, When } from '../../faults/plan/plan.js'
import type { Site } from '../../faults/site.js'
import { selects } from '../../faults/site.js'
import type { Opening } from '../contracts/crossing.js'
import { UserError } from '../contracts/errors.js'
import type { InjectionStatus } from '../contracts/trace.js'

/** A logical crossing of a site: what was asked, and how often it was tried. */
export interface Slot {
  readonly identity: string
  readonly occurrence: number
  attempt: number
  /** The slot's number in the count of each selector that matches it, by the selector's index. */
  readonly ordinals: number[]
}

/** A planned injection while its trial runs. */
export interface Armed {
  readonly injection: Injection
  readonly index: number
  readonly faults: readonly { readonly fault: Fault; readonly actions: readonly Action[] }[]
  readonly selectors: { readonly id: number; count: number }[]
  startedAt: number | null
  /** Of a series: how many crossings came since it began. */
  met: number
  status: InjectionStatus
  /** Why a fault of it meant nothing at the crossing that it came to; the first such reason. */
  lack?: string
}

export interface Strike {
  readonly armed: Armed
  readonly fault: Fault
  readonly actions: readonly Action[]
}

const ranks: readonly InjectionStatus[] = ['planned', 'reached', 'masked', 'landed']

/** Throws a `UserError` for a fault that the scenario does not have. */
export function arm(name: string, given: Readonly<Record<string, unknown>>, faults: readonly Fault[]) {
  const fault = faults.find((candidate) => candidate.name === name)
  if (!fault) throw new UserError(`the plan names the fault "${name}", which the scenario does not have`)
  const values: Record<string, number | string> = {}
  for (const [key, param] of Object.entries(fault.params)) {
    values[key] = (given[key] as number | string | undefined) ?? param.default
  }
  return { fault, actions: fault.action(values) }
}

/** Counts the crossing for every selector that matches it, and says whether the injection's time has come. */
export function isDue(armed: Armed, site: Site, slot: Slot, fresh: boolean, opening: Opening, now: number): boolean {
  const { injection } = armed
  let due = false
  injection.sites.forEach((selector, position) => {
    const counter = armed.selectors[position]
    if (!counter || !selects(selector, site, opening.argument, opening.owner)) return
    if (fresh) slot.ordinals[counter.id] = ++counter.count
    due = isTime(armed, slot.ordinals[counter.id] ?? 0, slot.attempt, now) || due
  })
  return due
}

function isTime(armed: Armed, ordinal: number, attempt: number, now: number): boolean {
  const { when } = armed.injection
  switch (when.kind) {
    case 'span':
      return ordinal >= when.from && ordinal <= when.to && (when.attempt === 'every' || when.attempt === attempt)
    case 'onward':
    case 'outage':
      if (armed.startedAt === null && ordinal >= when.from) armed.startedAt = now
      return armed.startedAt !== null && (when.kind === 'onward' || now < armed.startedAt + when.ms)
    case 'series':
      if (armed.startedAt === null && ordinal >= when.from) armed.startedAt = now
      return armed.startedAt !== null && isInSeries(when, armed.met++)
    case 'window':
      return now >= when.fromMs && (when.toMs === null || now < when.toMs)
  }
}

function isInSeries({ count, every }: Extract<When, { kind: 'series' }>, before: number): boolean {
  return before % every === 0 && (count === null || before / every < count)
}

/** Whether what was drawn for one crossing goes on beyond it. */
export function isLasting({ when }: Injection): boolean {
  return when.kind === 'outage' || (when.kind === 'span' && when.to > when.from)
}

/** What is drawn is of one site, whose calls it counts as the site itself does. */
export function isUnderWay(
  { injection: { sites, when }, startedAt }: Armed,
  site: Site,
  slot: Slot,
  now: number,
): boolean {
  const [{ boundary, target }] = sites
  if (boundary !== site.boundary || target !== site.target) return false
  if (when.kind === 'outage') return startedAt !== null && now < startedAt + when.ms
  if (when.kind !== 'span') return false
  return slot.occurrence >= when.from && slot.occurrence <= when.to && slot.attempt === when.attempt
}

/** Those of its faults that mean anything at this crossing. */
export function strikesOf(armed: Armed, site: Site, { traits, lacks }: Opening): Strike[] {
  const fitting = armed.faults.filter(({ fault }) => fault.boundaries.includes(site.boundary))
  if (fitting.length > 0) advance(armed, 'reached')
  return fitting.flatMap((each) => {
    const missing = each.fault.needs.find((trait) => !traits.includes(trait))
    if (missing === undefined) return [{ armed, ...each }]
    armed.lack ??= lacks?.[missing] ?? `it needs a crossing with ${each.fault.needs.join(' and ')}`
    return []
  })
}

export function endsAt({ when }: Injection, startedAt: number | null): number | null {
  if (when.kind === 'outage') return startedAt === null ? null : startedAt + when.ms
  return when.kind === 'window' ? when.toMs : null
}

export function advance(armed: Armed, status: InjectionStatus): void {
  if (ranks.indexOf(status) > ranks.indexOf(armed.status)) armed.status = status
}

export interface Composed {
  readonly treatment: Treatment
  readonly endingClass: FaultClass | 'unknown'
  readonly effective: readonly Strike[]
}

const undisturbed: Composed = { treatment: { modifiers: [], ending: undefined }, endingClass: 'unknown', effective: [] }

/** Modifiers add up in the order of the plan; the first ending wins and masks what comes after it. */
export function compose(strikes: readonly Strike[]): Composed {
  if (strikes.length === 0) return undisturbed
  const modifiers: Modifier[] = []
  const effective: Strike[] = []
  let ending: Ending | undefined
  let endingClass: FaultClass | 'unknown' = 'unknown'
  for (const strike of strikes) {
    if (ending) {
      advance(strike.armed, 'masked')
      continue
    }
    effective.push(strike)
    for (const action of strike.actions) {
      if (!isEnding(action)) modifiers.push(action)
      else if (!ending) {
        ending = action
        endingClass = strike.fault.class
      }
    }
  }
  return { treatment: { modifiers, ending }, endingClass, effective }
}
