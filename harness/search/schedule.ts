/** What a search tries and in which order: by value first, so that a bound leaves out what is least likely to show anything. */
import { encodePlan } from '../../faults/plan/notation.js'
import type { Plan } from '../../faults/plan/plan.js'
import { runsTool } from '../contracts/boundary.js'
import { trialSeed } from '../contracts/stream.js'
import { crashPhases, repeatedCrashes } from './crashes.js'
import { probesOf } from './frontier.js'
import type { Ground } from './ground.js'
import { advice, adviceAtOdds, misbehaviour, sequences } from './sequences.js'
import { aimOnce, firstsOf, lastingVariants, openings, pickOfEachClass, singles, unique } from './singles.js'
import { interleavings, timings } from './timings.js'
import type { PlannedTrial } from './trials.js'

/** What is planned from the baseline alone, and comes first; the probes are among it. */
export function opening({ reachable, faults }: Ground): Plan[] {
  return unique([...openings(reachable, faults), ...probesOf(reachable, faults)])
}

/**
 * All that the search would try: what it began with comes first, in its order. All trials but those of other models have one seed, and so
 * differ in their plans alone.
 */
export function systematic(
  ground: Ground,
  begun: readonly PlannedTrial[],
  rest: readonly Plan[],
  seed: number,
): PlannedTrial[] {
  const { reachable, faults } = ground
  const stories = [misbehaviour, interleavings, repeatedCrashes, sequences, advice, timings, crashPhases].flatMap(
    (plan) => plan(ground),
  )
  const more = singles(reachable, faults, {
    stories,
    rest: [...adviceAtOdds(ground), ...lastingVariants(reachable, faults), ...rest],
  }).map((plan): PlannedTrial => ({ plan, seed }))
  const before = Math.max(begun.length, seedsAfter)
  const all = uniqueTrials([...begun, ...more])
  return uniqueTrials([...all.slice(0, before), ...otherModels(ground, seed), ...all.slice(before)])
}

/** Models come behind so many trials, where every site has had one fault of each class. */
const seedsAfter = 100
const models = 3

/** The persona draws from the trial's seed what it does about a failed tool: it words the call anew, gives up, insists. */
function otherModels({ reachable, faults, callsModel }: Ground, seed: number): PlannedTrial[] {
  if (!callsModel) return []
  const plans = firstsOf(reachable)
    .filter(({ address }) => runsTool(address.site))
    .flatMap((point) => pickOfEachClass(point, faults).map((fault) => [aimOnce(point, fault)]))
  return Array.from({ length: models }, (_, index) => trialSeed(seed, 'persona', index)).flatMap((other) =>
    plans.map((plan) => ({ plan, seed: other })),
  )
}

/** Each trial once, by its seed and the text of its plan. */
export function uniqueTrials(trials: readonly PlannedTrial[]): PlannedTrial[] {
  return [...new Map(trials.map((trial) => [`${trial.seed} ${encodePlan(trial.plan)}`, trial])).values()]
}
