/**
 * Sites that only a fault reveals: the other vendor that an agent falls back to, a compensation, a cache. The trial without
 * faults never comes to them, so nobody would strike them. Probes look for them before the rest is planned: a few of the
 * trials, that fail each site for good, and once. What they reveal is struck at once, and probed in its turn. Probes depend on
 * the trial without faults and on other probes alone, so that every shard plans the same.
 */
import type { FaultClass, FaultDescription } from '../../faults/fault.js'
import type { Injection, Plan } from '../../faults/plan/plan.js'
import type { Reachable } from '../../faults/plan/reachable.js'
import { siteName } from '../contracts/trace.js'
import { aimOnce, aimOnward, bySite, fitting, pickOfEachClass, unique } from './singles.js'

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

/** What to plan of the sites that probes revealed. */
export interface Revealed {
  /** To be tried before anything else; the probes are among it. */
  readonly strikes: readonly Plan[]
  /** What looks for sites that lie behind these. */
  readonly probes: readonly Plan[]
  /** Every fault, where a site was first met: for later. */
  readonly rest: readonly Plan[]
}

/** What is revealed in more ways differs little from one to the next. */
const waysMost = 2

/** Plans for those sites that nobody knew of, each beside the plan that revealed it. */
export function beyond(
  probes: readonly Probed[],
  known: ReadonlySet<string>,
  faults: readonly FaultDescription[],
): Revealed {
  const ways = new Map<string, number>()
  const found: { readonly strikes: Plan[]; readonly probes: Plan[]; readonly rest: Plan[] } = {
    strikes: [],
    probes: [],
    rest: [],
  }
  for (const { plan, reached } of probes) {
    const fresh = reached.filter(({ address: { site } }) => !known.has(siteName(site)))
    for (const [name, points] of bySite(fresh)) {
      const [start, end] = [points[0], points.at(-1)]
      const way = ways.get(name) ?? 0
      if (!start || !end || way === waysMost) continue
      ways.set(name, way + 1)
      const beside = (strike: Injection) => [...plan, strike]
      if (way === 0) {
        found.probes.push(...probesOf(points, faults).map((probe) => [...plan, ...probe]))
        found.rest.push(...fitting(start, faults).map((fault) => beside(aimOnce(start, fault))))
      }
      found.strikes.push(...[...new Set([start, end])].flatMap((point) => picksAt(point, faults).map(beside)))
    }
  }
  return { ...found, strikes: unique([...found.probes, ...found.strikes]) }
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
