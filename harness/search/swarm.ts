/**
 * Plans of many faults by chance. Of each batch most kinds of faults are off, and those that are on have uneven weights: plans
 * in which everything happens hardly differ from each other (Groce et al., "Swarm Testing", 2012). Half of a batch grows
 * from plans that showed something new.
 */
import fc from 'fast-check'
import { type FaultDescription, withoutIdleCompanions } from '../../faults/fault.js'
import { planArbitrary } from '../../faults/plan/arbitrary.js'
import type { Plan } from '../../faults/plan/plan.js'
import { eligible, type Reachable } from '../../faults/plan/reachable.js'
import { stream, trialSeed } from '../contracts/stream.js'
import type { PlannedTrial } from './trials.js'

export const swarmBatch = 40
const onShare = 0.25
const weightMost = 4
const injectionsMost = 6

/** The `index`-th batch. `promising` are plans that showed something new. */
export function swarm(
  reachable: readonly Reachable[],
  faults: readonly FaultDescription[],
  promising: readonly Plan[],
  seed: number,
  index: number,
): PlannedTrial[] {
  const draw = stream(seed, `swarm:${index}`)
  const some = someFaults(reachable, faults, draw)
  if (some.length === 0) return []
  const grown = promising.length === 0 ? 0 : swarmBatch / 2
  const sample = (injectionsMax: number, numRuns: number, label: number) =>
    numRuns === 0
      ? []
      : fc.sample(planArbitrary(reachable, some, { injectionsMax }), { seed: (index * 2 + label) ^ seed, numRuns })
  const fresh = sample(injectionsMost, swarmBatch - grown, 0)
  const more = sample(1, grown, 1).map((one) => [...pick(promising, draw), ...one].slice(-injectionsMost))
  return [...fresh, ...more].map((plan, at) => ({ plan, seed: trialSeed(seed, 'search', index * swarmBatch + at) }))
}

/** Those that are on, each as often as it weighs; at least one that can be planned alone, if there is any. */
function someFaults(reachable: readonly Reachable[], faults: readonly FaultDescription[], draw: () => number) {
  const fits = faults.filter((fault) => !fault.companion && reachable.some((point) => eligible(fault, point)))
  const on = fits.filter(() => draw() < onShare)
  const leading = on.length > 0 ? on : pick([[], ...fits.map((fault) => [fault])].slice(1), draw)
  const weighted = leading.flatMap((fault) => Array.from({ length: 1 + Math.floor(draw() * weightMost) }, () => fault))
  return weighted.length === 0
    ? []
    : withoutIdleCompanions([...weighted, ...faults.filter(({ companion }) => companion)])
}

function pick<T>(lists: readonly (readonly T[])[], draw: () => number): readonly T[] {
  return lists[Math.floor(draw() * lists.length)] ?? []
}
