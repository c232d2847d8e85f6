/** What a search begins with: waves of trials, each of which strikes what the one before revealed. */
import { encodePlan } from '../../faults/plan/notation.js'
import type { Plan } from '../../faults/plan/plan.js'
import type { Executor } from '../contracts/executor.js'
import { ownShare } from '../contracts/shard.js'
import { siteName } from '../contracts/trace.js'
import { isSingle } from './depth.js'
import { beyond, type Probed, probesOf, type Revealed } from './frontier.js'
import type { Ground } from './ground.js'
import type { SearchOptions } from './options.js'
import { opening, uniqueTrials } from './schedule.js'
import { type Course, type Numbered, number, type PlannedTrial, type Ran, reachedIn, specOf } from './trials.js'

export const isAny = () => true

/** What the waves were, and what they came to. */
export interface Front {
  readonly begun: readonly PlannedTrial[]
  readonly kept: readonly Ran[]
  readonly probed: readonly Probed[]
  /** Plans for what was revealed that can wait. */
  readonly rest: readonly Plan[]
}

/** A fallback of a fallback of a fallback: whatever lies deeper is too seldom reached. */
const wavesMost = 4

/** Waves of trials: the opening, then each time what the one before revealed, until it reveals nothing. */
export async function strikeFrontier(
  executor: Executor,
  course: Course,
  ground: Ground,
  { expected, sampleEvery }: { readonly expected: number; readonly sampleEvery: number },
  options: SearchOptions,
): Promise<Front> {
  const { seed, trialsMax, depth = '1', shard, isWanted = isAny } = options
  const begun: PlannedTrial[] = []
  const [kept, all, rest]: [Ran[], Probed[], Plan[]] = [[], [], []]
  const known = new Set(ground.reachable.map(({ address: { site } }) => siteName(site)))
  let wave = openingTrials(ground, options)
  let probes: readonly Plan[] = probesOf(ground.reachable, ground.faults)
  for (let depthOfWave = 0; wave.length > 0; depthOfWave++) {
    const looking = new Set(probes.map(encodePlan))
    const isProbe = ({ plan }: PlannedTrial) => looking.has(encodePlan(plan)) || (depth !== '1' && isSingle(plan))
    const numbered = number(wave, begun.length + 1, sampleEvery, isProbe)
    begun.push(...wave)
    const ran = await course.run(numbered, ownShare(Math.max(expected, begun.length), shard))
    kept.push(...ran)
    const probed = await lookBeyond(executor, numbered, ran, course.isOver, options)
    all.push(...probed)
    const revealed = depthOfWave < wavesMost ? beyond(probed, known, ground.faults) : nothingRevealed
    for (const { address } of probed.flatMap(({ reached }) => reached)) known.add(siteName(address.site))
    probes = revealed.probes
    rest.push(...revealed.rest)
    const wanted = revealed.strikes.filter(isWanted).map((plan): PlannedTrial => ({ plan, seed }))
    wave = uniqueTrials([...begun, ...wanted]).slice(begun.length, trialsMax)
  }
  return { begun, kept, probed: all, rest }
}

const nothingRevealed: Revealed = { strikes: [], probes: [], rest: [] }

export function openingTrials(
  ground: Ground,
  { seed, trialsMax, isWanted = isAny, remembered = [] }: SearchOptions,
): PlannedTrial[] {
  const trials = uniqueTrials([...remembered, ...opening(ground).map((plan) => ({ plan, seed }))])
  return trials.filter(({ plan }) => isWanted(plan)).slice(0, trialsMax)
}

/** What the probes came to. Every shard has to know it, so it runs those of the other shards too, and counts its own. */
async function lookBeyond(
  executor: Executor,
  numbered: readonly Numbered[],
  kept: readonly Ran[],
  isOver: boolean,
  { signal }: SearchOptions,
): Promise<Probed[]> {
  const probes = numbered.filter(({ isProbe }) => isProbe)
  const own = new Map(kept.map(({ trial, reached }) => [trial, reached]))
  const missing = isOver ? [] : probes.filter(({ trial }) => !own.has(trial))
  const records = missing.length > 0 ? await executor.run(missing.map(specOf), { signal }) : []
  const others = new Map(missing.map(({ trial }, index) => [trial, reachedIn(records[index])]))
  return probes.flatMap(({ trial, plan }) => {
    const reached = own.get(trial) ?? others.get(trial)
    return reached ? [{ plan, reached }] : []
  })
}
