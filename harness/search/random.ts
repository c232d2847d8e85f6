/** Plans by chance, a share at a time: a million of them take no more memory than a thousand. */
import fc from 'fast-check'
import { planArbitrary } from '../../faults/plan/arbitrary.js'
import type { Plan } from '../../faults/plan/plan.js'
import { trialSeed } from '../contracts/stream.js'
import type { Ground } from './ground.js'

const share = 1_000

/** The same plans for the same seed, whatever was asked for beyond them. */
export function* randomPlansOf({ reachable, faults }: Ground, seed: number, count: number): Generator<readonly Plan[]> {
  if (count === 0) return
  const arbitrary = planArbitrary(reachable, faults)
  for (let index = 0; index * share < count; index++) {
    const numRuns = Math.min(share, count - index * share)
    yield fc.sample(arbitrary, { seed: index === 0 ? seed : trialSeed(seed, 'random', index), numRuns })
  }
}
