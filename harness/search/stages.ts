/** The stages of a search, one after the other: each is planned from what the trials before it came to. */
import fc from 'fast-check'
import { type FaultClass, faultClasses } from '../../faults/fault.js'
import { planArbitrary, type Reachable } from '../../faults/plan/arbitrary.js'
import { encodePlan } from '../../faults/plan/notation.js'
import type { Plan } from '../../faults/plan/plan.js'
import type { Executor, ScenarioFacts, TrialRecord } from '../contracts/executor.js'
import type { LeftOut } from '../contracts/report/report.js'
import { ownShare } from '../contracts/shard.js'
import { trialSeed } from '../contracts/stream.js'
import { siteName } from '../contracts/trace.js'
import { cellsAt, type MapCell } from './cells.js'
import { type Explored, extensions } from './depth.js'
import type { Findings } from './findings.js'
import { type Probed, probesOf } from './frontier.js'
import { type Ground, groundOf, nameOf } from './ground.js'
import { leftOutOf } from './left-out.js'
import type { SearchOptions } from './options.js'
import { opening, systematic, uniqueTrials } from './schedule.js'
import { swarm } from './swarm.js'
import { Course, type Numbered, number, type PlannedTrial, type Ran, reachedIn, specOf } from './trials.js'

/** What the trials of a search were. */
export interface Stages {
  /** How many there are, of all shards. */
  readonly trials: number
  /** Systematic ones that the bound left out. */
  readonly omitted: number
  readonly kept: readonly Ran[]
  /** Its time was up before it had run them all. */
  readonly timeUp: boolean
  /** What stands on the map, tried or not. */
  readonly cells: readonly MapCell[]
  readonly leftOut: readonly LeftOut[]
}

/** First what can be planned from the baseline alone, then what its trials say, then plans by chance. */
export async function runStages(
  executor: Executor,
  baseline: TrialRecord,
  findings: Findings,
  options: SearchOptions,
): Promise<Stages> {
  const { seed, trialsMax, rechecksMax = 8, depth = '1', shard, isWanted = isAny, remembered = [] } = options
  const course = new Course(executor, findings, options)
  const ground = groundOf(baseline, executor.facts)
  const expected = trialsOf(ground, [], options).chosen.length
  const sampleEvery = Math.max(1, Math.ceil(expected / rechecksMax))
  const probes = new Set(probesOf(ground.reachable, ground.faults).map(encodePlan))
  const opened = uniqueTrials([...remembered, ...opening(ground).map((plan) => ({ plan, seed }))])
    .filter(({ plan }) => isWanted(plan))
    .slice(0, trialsMax)
  const isProbe = ({ plan }: PlannedTrial) => probes.has(encodePlan(plan)) || (depth !== '1' && isSingle(plan))
  const first = number(opened, 1, sampleEvery, isProbe)
  const begun = await course.run(first, ownShare(expected, shard))
  const probed = await lookBeyond(executor, first, begun, course.isOver, options)
  const { chosen, omitted, unwanted } = trialsOf(ground, probed, options)
  const points = joinPoints([ground.reachable, ...probed.map(({ reached }) => reached)])
  const about = {
    cells: cellsAt(points, ground.faults, isWanted),
    leftOut: leftOutOf({
      ground,
      unfaced: unfacedIn(executor.facts),
      unwanted,
      depth,
      offered: baseline.offered ?? [],
      met: new Set(points.map(({ address: { site } }) => siteName(site))),
    }),
  }
  const rest = number(chosen, 1, sampleEvery, isProbe).slice(first.length)
  const kept = [...begun, ...(await course.run(rest, ownShare(chosen.length, shard)))]
  if (depth === '1') return { trials: chosen.length, omitted, kept, timeUp: course.timeUp, ...about }
  const deeper = await goDeeper(course, ground, kept, chosen.length, options)
  const [trials, left] = [chosen.length + deeper.trials, omitted + deeper.omitted]
  return { trials, omitted: left, kept, timeUp: course.timeUp, ...about }
}

/** Pairs as far as the bound allows, and then the swarm, if it is asked for. */
async function goDeeper(
  course: Course,
  { reachable, faults }: Ground,
  kept: readonly Ran[],
  before: number,
  { seed, trialsMax, depth, isWanted = isAny }: SearchOptions,
): Promise<{ readonly trials: number; readonly omitted: number }> {
  const explored = kept.flatMap(({ plan, after }): Explored[] => (isSingle(plan) ? [{ plan, points: after }] : []))
  const pairs = explored.flatMap((each) => extensions(each, faults)).filter(isWanted)
  const chosen = pairs.slice(0, Math.max(0, trialsMax - before)).map((plan) => ({ plan, seed }))
  await course.run(number(chosen, before + 1, Number.POSITIVE_INFINITY), before + chosen.length)
  let trials = chosen.length
  if (depth === 'swarm') {
    const known = joinPoints([reachable, ...kept.map(({ reached }) => reached)])
    for (let index = 0; before + trials < trialsMax && !course.isOver; index++) {
      const drawn = swarm(known, faults, course.promising, seed, index)
      if (drawn.length === 0 || index === batchesMost) break
      const batch = drawn.filter(({ plan }) => isWanted(plan)).slice(0, trialsMax - before - trials)
      await course.run(number(batch, before + trials + 1, Number.POSITIVE_INFINITY), trialsMax)
      trials += batch.length
    }
  }
  return { trials, omitted: pairs.length - chosen.length }
}

/** Where few plans are wanted, many batches give none. */
const batchesMost = 250_000

const isAny = () => true

/** Classes of which the scenario faces no fault. */
export function unfacedIn({ faults }: ScenarioFacts): FaultClass[] {
  return faultClasses.filter((one) => !faults.some((fault) => fault.class === one))
}

/** One fault, once, as it is by default: what it is followed by can be struck as well. */
function isSingle(plan: Plan): boolean {
  const [only, ...others] = plan
  if (!only || others.length > 0 || only.when.kind !== 'span') return false
  const { from, to, attempt } = only.when
  return from === to && attempt === 1 && only.faults.every(({ params }) => isEmpty(params))
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0
}

function joinPoints(all: readonly (readonly Reachable[])[]): Reachable[] {
  return [...new Map(all.flat().map((point) => [nameOf(point.address), point])).values()]
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

/**
 * The trials that are to be run, and how many the bound left out. First come systematic ones up to the bound. Then come
 * those by chance, each under a seed of its own. So what the agent and the model draw is not the same every time.
 */
function trialsOf(
  ground: Ground,
  probed: readonly Probed[],
  { seed, trialsMax, randomPlans = 0, isWanted = isAny, remembered = [] }: SearchOptions,
): { readonly chosen: readonly PlannedTrial[]; readonly omitted: number; readonly unwanted: number } {
  const made = uniqueTrials([...remembered, ...systematic(ground, probed, seed)])
  const all = made.filter(({ plan }) => isWanted(plan))
  const unwanted = made.length - all.length
  if (all.length === 0) return { chosen: [], omitted: 0, unwanted }
  const planned = all.slice(0, trialsMax)
  const numRuns = randomPlans === 'fill' ? trialsMax - planned.length : randomPlans
  const plans =
    numRuns > 0 ? fc.sample(planArbitrary(ground.reachable, ground.faults), { seed, numRuns }).filter(isWanted) : []
  const random = plans.map((plan, index) => ({ plan, seed: trialSeed(seed, 'search', index) }))
  return { chosen: [...planned, ...random], omitted: all.length - planned.length, unwanted }
}
