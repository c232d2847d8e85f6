/**
 * Sites that only a fault reveals: the other vendor that an agent falls back to, a compensation, a cache. The trial without
 * faults never comes to them, so nobody would strike them. Probes look for them before the rest is planned: a few of the
 * trials, that fail each site for good, and once. They depend on the trial without faults alone, so that every shard plans the same.
 */
import type { FaultClass, FaultDescription } from '../../faults/fault.js'
import type { Reachable } from '../../faults/plan/arbitrary.js'
import type { Injection, Plan } from '../../faults/plan/plan.js'
import { siteName } from '../contracts/trace.js'
import { aimOnce, aimOnward, bySite, fitting, pickOfEachClass } from './singles.js'

/** Of the classes that make an agent look for another way, what it may wait out and what it must not. */
const passing: readonly FaultClass[] = ['transient', 'indeterminate']
const lasting: readonly FaultClass[] = ['definite', 'indeterminate']

/** At each site: a crash; from its first occurrence on, what passes elsewhere; and once, in the middle, what does not. */
export function probesOf(reachable: readonly Reachable[], faults: readonly FaultDescription[]): Plan[] {
  return [...bySite(reachable).values()].flatMap((points) => {
    const [first] = points
    const middle = points[points.length >> 1]
    if (!first || !middle) return []
    const forGood = firstOf(passing, first, faults)
    const once = firstOf(lasting, middle, faults)
    const crash = fitting(first, faults).find(({ actions }) => actions.includes('crash'))
    return [
      ...(crash ? [[aimOnce(first, crash)]] : []),
      ...(forGood ? [[aimOnward(first, forGood)]] : []),
      ...(once ? [[aimOnce(middle, once)]] : []),
    ]
  })
}

function firstOf(
  classes: readonly FaultClass[],
  point: Reachable,
  faults: readonly FaultDescription[],
): FaultDescription | undefined {
  const some = fitting(point, faults)
  return classes.flatMap((one) => some.filter((fault) => fault.class === one))[0]
}

/** A probe, and what its trial came to. */
export interface Probed {
  readonly plan: Plan
  readonly reached: readonly Reachable[]
}

/** What is revealed in more ways differs little from one to the next. */
const waysMost = 2

/** Plans for what the probes revealed. */
export function beyond(
  probes: readonly Probed[],
  reachable: readonly Reachable[],
  faults: readonly FaultDescription[],
): { readonly first: readonly Plan[]; readonly rest: readonly Plan[] } {
  const known = new Set(bySite(reachable).keys())
  const ways = new Map<string, number>()
  const first: Plan[] = []
  const rest: Plan[] = []
  for (const { plan, reached } of probes) {
    const fresh = reached.filter(({ address: { site } }) => !known.has(siteName(site)))
    for (const [name, points] of bySite(fresh)) {
      const [start, end] = [points[0], points.at(-1)]
      const way = ways.get(name) ?? 0
      if (!start || !end || way === waysMost) continue
      ways.set(name, way + 1)
      const beside = (strike: Injection) => [...plan, strike]
      first.push(...[...new Set([start, end])].flatMap((point) => picksAt(point, faults).map(beside)))
      if (way === 0) rest.push(...fitting(start, faults).map((fault) => beside(aimOnce(start, fault))))
    }
  }
  return { first, rest }
}

function picksAt(point: Reachable, faults: readonly FaultDescription[]): Injection[] {
  const picks = pickOfEachClass(point, faults)
  return [
    ...picks.map((fault) => aimOnce(point, fault)),
    ...picks.filter(isPassing).map((fault) => aimOnward(point, fault)),
  ]
}

function isPassing({ class: class_ }: FaultDescription): boolean {
  return passing.includes(class_)
}
