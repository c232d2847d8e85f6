/**
 * Sites that only a fault reveals: the other vendor that an agent falls back to, a compensation, a cache. The trial without
 * faults never comes to them, so nobody would strike them. Probes look for them before the trials are planned: a few trials
 * that fail each site for good, and once. They depend on the trial without faults alone, so that every shard plans the same.
 */
import type { FaultClass, FaultDescription } from '../../faults/fault.js'
import { eligible, type Reachable } from '../../faults/plan/arbitrary.js'
import type { Plan } from '../../faults/plan/plan.js'
import { siteName } from '../contracts/trace.js'
import { aimOnce, aimOnward, bySite, pickOfEachClass } from './singles.js'

/** Of the classes that make an agent look for another way, what it may wait out and what it must not. */
const passing: readonly FaultClass[] = ['transient', 'indeterminate']
const lasting: readonly FaultClass[] = ['definite', 'indeterminate']

/** At each site: from its first occurrence on, what passes elsewhere; and once, in the middle, what does not. */
export function probesOf(reachable: readonly Reachable[], faults: readonly FaultDescription[]): Plan[] {
  return [...bySite(reachable).values()].flatMap((points) => {
    const [first] = points
    const middle = points[points.length >> 1]
    if (!first || !middle) return []
    const forGood = firstOf(passing, first, faults)
    const once = firstOf(lasting, middle, faults)
    return [...(forGood ? [[aimOnward(first, forGood)]] : []), ...(once ? [[aimOnce(middle, once)]] : [])]
  })
}

function firstOf(
  classes: readonly FaultClass[],
  point: Reachable,
  faults: readonly FaultDescription[],
): FaultDescription | undefined {
  const fitting = faults.filter((fault) => !fault.companion && eligible(fault, point))
  return classes.flatMap((one) => fitting.filter((fault) => fault.class === one))[0]
}

/** A probe, and what its trial came to. */
export interface Probed {
  readonly plan: Plan
  readonly reached: readonly Reachable[]
}

/**
 * Plans that strike what the probes revealed, each beside the probe that did. Where a site is first revealed it is struck by
 * every fault, at its first occurrence; then, and wherever else it is revealed, by one of each class wherever it occurs,
 * once and from then on.
 */
export function beyond(
  probes: readonly Probed[],
  reachable: readonly Reachable[],
  faults: readonly FaultDescription[],
): Plan[] {
  const known = new Set(bySite(reachable).keys())
  const seen = new Set<string>()
  const all: Plan[] = []
  const some: Plan[] = []
  for (const { plan, reached } of probes) {
    const fresh = reached.filter(({ address: { site } }) => !known.has(siteName(site)))
    for (const [name, points] of bySite(fresh)) {
      const [first] = points
      if (first && !seen.has(name)) {
        const fitting = faults.filter((fault) => !fault.companion && eligible(fault, first))
        all.push(...fitting.map((fault) => [...plan, aimOnce(first, fault)]))
      }
      seen.add(name)
      for (const point of points) {
        const each = pickOfEachClass(point, faults)
        some.push(...each.map((fault) => [...plan, aimOnce(point, fault)]))
        some.push(...each.filter(isPassing).map((fault) => [...plan, aimOnward(point, fault)]))
      }
    }
  }
  return [...all, ...some]
}

function isPassing({ class: class_ }: FaultDescription): boolean {
  return passing.includes(class_)
}
