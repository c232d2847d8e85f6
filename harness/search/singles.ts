/**
 * The plans of the systematic search: every fault that fits, at every occurrence that the baseline reached, for every
 * length of time. The lasting ones also come with a model that makes them worse. Without one that insists, no breaker
 * would ever be asked to trip. Without one that obeys, no instruction in a result would come to anything.
 */
import { type FaultDescription, isWorseWith } from '../../faults/fault.js'
import type { GivenParams, Param } from '../../faults/params/param.js'
import { encodePlan } from '../../faults/plan/notation.js'
import type { Injection, Plan, When } from '../../faults/plan/plan.js'
import { eligible, type Reachable } from '../../faults/plan/reachable.js'
import { asksModel } from '../contracts/boundary.js'
import { siteName } from '../contracts/trace.js'

const outageMs = 30_000

/** Plans that come after the first occurrences. */
export interface More {
  /** Longer stories: several in a row, other times, crashes. */
  readonly stories: readonly Plan[]
  /** What is left of sites that only a fault reveals. */
  readonly rest: readonly Plan[]
}

/**
 * What comes first, before anybody knows what lies beyond: one fault of each class, once, at every site's first occurrence. Then
 * the same at the last and in the middle, for an agent that has begun its work fails in other ways.
 */
export function openings(reachable: readonly Reachable[], faults: readonly FaultDescription[]): Plan[] {
  const points = roundsOf(reachable).slice(0, openingRounds).flat()
  return points.flatMap((point) => pickOfEachClass(point, faults).map((fault) => [aimOnce(point, fault)]))
}

/**
 * Singles, in rounds, so that a bound on their number leaves out what is most like the rest. Every site's first
 * occurrence, then its last, then ever closer between. The mildest come first in each round: all faults once. After those of the
 * first round come stories. Then they come for good, and with the companions that make them
 * worse; then as outages, in the same way. The first round ends with other forms than the usual one.
 */
export function singles(
  reachable: readonly Reachable[],
  faults: readonly FaultDescription[],
  more: More = { rest: [], stories: [] },
): Plan[] {
  const lasting = faults.filter((fault) => !isSlowModel(fault))
  return unique(
    roundsOf(reachable).flatMap((round, index) => [
      ...alone(round, faults, once),
      ...(index === 0 ? more.stories : []),
      ...[onward, outage].flatMap((when) => [...alone(round, lasting, when), ...worsen(round, lasting, when)]),
      ...(index === 0 ? [...variants(round, faults, once), ...more.rest] : []),
    ]),
  )
}

/** The first, the last and the middle occurrences. */
const openingRounds = 3

/** A lost answer and a crash ask most of an agent, and a second delivery, of which it hears nothing, asks least. */
function oddityOf({ actions }: FaultDescription): number {
  if (actions.includes('drop') || actions.includes('crash')) return 0
  return actions.includes('repeat') ? 2 : 1
}

/** Of each class the first fault that fits. */
export function pickOfEachClass(point: Reachable, faults: readonly FaultDescription[]): FaultDescription[] {
  const some = [...fitting(point, faults)].sort((left, right) => oddityOf(left) - oddityOf(right))
  return some.filter((fault, index) => some.findIndex((other) => other.class === fault.class) === index)
}

export function fitting(point: Reachable, faults: readonly FaultDescription[]): FaultDescription[] {
  return faults.filter((fault) => !fault.companion && !isTimeLimit(fault) && eligible(fault, point))
}

/** A model that is slow harms nobody by itself, once or for good: it is what lets answers that overlap come in another order. */
export function isSlowModel({ actions, boundaries }: FaultDescription): boolean {
  return actions.every((action) => action === 'delay') && boundaries.every((boundary) => asksModel({ boundary }))
}

/** It strikes when the crossing may be over long since, so that it is planned by time and not by crossings. */
export function isTimeLimit({ actions }: FaultDescription): boolean {
  return actions.includes('kill')
}

/** The first occurrence of every site. */
export function firstsOf(reachable: readonly Reachable[]): Reachable[] {
  return [...bySite(reachable).values()].flatMap(([first]) => first ?? [])
}

/** Of every site the occurrence in the middle, where an agent is at work. */
export function middlesOf(reachable: readonly Reachable[]): Reachable[] {
  return [...bySite(reachable).values()].flatMap((points) => points[points.length >> 1] ?? [])
}

export function aimOnce(point: Reachable, fault: FaultDescription, params?: GivenParams): Injection {
  return injection(point, fault, once(point.address.occurrence), params)
}

/** At that very attempt. */
export function aimAtAttempt(point: Reachable, fault: FaultDescription): Injection {
  const { occurrence: from, attempt } = point.address
  return injection(point, fault, { kind: 'span', from, to: from, attempt })
}

export function aimOnward(point: Reachable, fault: FaultDescription): Injection {
  return injection(point, fault, onward(point.address.occurrence))
}

/** In the order in which they were reached. */
export function bySite(reachable: readonly Reachable[]): ReadonlyMap<string, readonly Reachable[]> {
  const sites = new Map<string, Reachable[]>()
  for (const point of reachable) {
    const name = siteName(point.address.site)
    sites.set(name, [...(sites.get(name) ?? []), point])
  }
  return sites
}

type WhenFrom = (occurrence: number) => When

function alone(round: readonly Reachable[], faults: readonly FaultDescription[], when: WhenFrom): Plan[] {
  return aimAt(round, faults).map(({ point, fault }) => [injection(point, fault, when(point.address.occurrence))])
}

/** Each lasting fault with each companion that makes it worse. Where both strike, the one leaves the other nothing to do. */
function worsen(round: readonly Reachable[], faults: readonly FaultDescription[], when: WhenFrom): Plan[] {
  const aimed = aimAt(round, faults)
  return faults
    .filter((fault) => fault.companion)
    .flatMap((companion) => {
      const worse = aimed.filter(({ fault }) => isWorse(fault, companion))
      return worse.map(({ point, fault }) => [
        injection(point, fault, when(point.address.occurrence)),
        always(companion),
      ])
    })
}

/** What makes it worse, elsewhere: where both strike, the one leaves the other nothing to do. */
export function companionsOf(fault: FaultDescription, faults: readonly FaultDescription[]): FaultDescription[] {
  return faults.filter((companion) => isWorse(fault, companion))
}

function isWorse(fault: FaultDescription, companion: FaultDescription): boolean {
  return isWorseWith(fault, companion) && !fault.boundaries.some((boundary) => companion.boundaries.includes(boundary))
}

function aimAt(round: readonly Reachable[], faults: readonly FaultDescription[]) {
  return round.flatMap((point) => fitting(point, faults).map((fault) => ({ point, fault })))
}

/** Every fault in each of the other forms that its words can give it: a hostile header, another way to break off. */
function variants(points: readonly Reachable[], faults: readonly FaultDescription[], when: WhenFrom): Plan[] {
  return aimAt(points, faults).flatMap(({ point, fault }) =>
    Object.entries(fault.params).flatMap(([name, param]) =>
      wordsOf(param)
        .filter((word) => word !== param.default)
        .map((word) => [injection(point, fault, when(point.address.occurrence), { [name]: word })]),
    ),
  )
}

/** A model errs in one way for long, and not in the usual one: from the start, and of an agent at work. */
export function lastingVariants(reachable: readonly Reachable[], faults: readonly FaultDescription[]): Plan[] {
  const misbehaviours = faults.filter((fault) => fault.class === 'behavioural')
  return variants([...firstsOf(reachable), ...middlesOf(reachable)], misbehaviours, onward)
}

function wordsOf(param: Param): readonly string[] {
  return param.kind === 'choice' ? param.values : param.kind === 'text' ? param.samples : []
}

const once: WhenFrom = (from) => ({ kind: 'span', from, to: from, attempt: 1 })
const onward: WhenFrom = (from) => ({ kind: 'onward', from })
const outage: WhenFrom = (from) => ({ kind: 'outage', from, ms: outageMs })

/** The n-th round holds the n-th of each site's occurrences, as `spread` orders them. */
function roundsOf(reachable: readonly Reachable[]): Reachable[][] {
  const rounds: Reachable[][] = []
  for (const points of bySite(reachable).values()) {
    for (const [round, point] of spread(points).entries()) rounds[round] = [...(rounds[round] ?? []), point]
  }
  return rounds
}

/** The first, the last, and then the middles of the gaps that are left, widest first. */
function spread<T>(list: readonly T[]): T[] {
  const order = [...new Set([0, list.length - 1])]
  const gaps: [number, number][] = [[0, list.length - 1]]
  for (const [low, high] of gaps) {
    const middle = (low + high) >> 1
    if (middle === low) continue
    order.push(middle)
    gaps.push([low, middle], [middle, high])
  }
  return order.flatMap((index) => (index in list ? [list[index] as T] : []))
}

export function injection(
  { address }: Reachable,
  fault: FaultDescription,
  when: When,
  params: GivenParams = {},
): Injection {
  const { boundary, target } = address.site
  return { sites: [{ boundary, target }], when, faults: [{ fault: fault.name, params }] }
}

/** A companion, in whatever the model is asked. */
export function always({ name, boundaries: [boundary] }: FaultDescription): Injection {
  return {
    sites: [{ boundary, target: '*' }],
    when: { kind: 'onward', from: 1 },
    faults: [{ fault: name, params: {} }],
  }
}

/** Each plan once, by its text. */
export function unique(plans: readonly Plan[]): Plan[] {
  return [...new Map(plans.map((plan) => [encodePlan(plan), plan])).values()]
}
