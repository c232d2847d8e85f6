/** The stages of a search, one after the other: each is planned from what the trials before it came to. */
import { type FaultClass, faultClasses } from '../../faults/fault.js'
import type { Plan } from '../../faults/plan/plan.js'
import type { Reachable } from '../../faults/plan/reachable.js'
import type { Executor, ScenarioFacts, TrialRecord } from '../contracts/executor.js'
import type { LeftOut } from '../contracts/report/report.js'
import { ownShare } from '../contracts/shard.js'
import { trialSeed } from '../contracts/stream.js'
import { siteName } from '../contracts/trace.js'
import { cellsAt, type MapCell } from './cells.js'
import { extensions, isSingle } from './depth.js'
import type { Findings } from './findings.js'
import { type Ground, groundOf, nameOf } from './ground.js'
import { leftOutOf, sameRow } from './left-out.js'
import type { SearchOptions } from './options.js'
import { randomPlansOf } from './random.js'
import { systematic } from './schedule.js'
import { swarm } from './swarm.js'
import { Course, number, type PlannedTrial, type Ran } from './trials.js'
import { type Front, isAny, openingTrials, strikeFrontier } from './waves.js'

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
  const { rechecksMax = 8, depth = '1', shard, isWanted = isAny } = options
  const course = new Course(executor, findings, options)
  const ground = groundOf(baseline, executor.facts)
  const first = trialsOf(ground, { begun: openingTrials(ground, options), rest: [] }, options)
  const expected = first.chosen.length + first.random
  const sampleEvery = Math.max(1, Math.ceil(expected / rechecksMax))
  const front = await strikeFrontier(executor, course, ground, { expected, sampleEvery }, options)
  const { chosen, omitted, unwanted, random } = trialsOf(ground, front, options)
  const points = joinPoints([ground.reachable, ...front.probed.map(({ reached }) => reached)])
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
  const isExplored = ({ plan }: PlannedTrial) => depth !== '1' && isSingle(plan)
  const rest = number(chosen, 1, sampleEvery, isExplored).slice(front.begun.length)
  const planned = await course.run(rest, ownShare(chosen.length + random, shard))
  const drawn = await runRandom(course, ground, { before: chosen.length, count: random, sampleEvery }, options)
  const kept = [...front.kept, ...planned, ...drawn.kept]
  const before = chosen.length + drawn.trials
  if (depth === '1') return { trials: before, omitted, kept, timeUp: course.timeUp, ...about }
  const deeper = await goDeeper(course, ground, kept, before, options)
  const [trials, left] = [before + deeper.trials, omitted + deeper.omitted]
  const leftOut = [...about.leftOut, ...sameRow(deeper.same)]
  return { trials, omitted: left, kept, timeUp: course.timeUp, cells: about.cells, leftOut }
}

/** Pairs as far as the bound allows, and then the swarm, if it is asked for. */
async function goDeeper(
  course: Course,
  { reachable, faults }: Ground,
  kept: readonly Ran[],
  before: number,
  { seed, trialsMax, depth, isWanted = isAny }: SearchOptions,
): Promise<{ readonly trials: number; readonly omitted: number; readonly same: number }> {
  const singles = kept.filter(({ plan }) => isSingle(plan))
  const grow = (some: readonly Ran[]) =>
    some.flatMap(({ plan, after: points }): Plan[] => extensions({ plan, points }, faults)).filter(isWanted)
  const like = ({ digest, trial }: Ran) => digest ?? trial
  const firsts = new Map(singles.toReversed().map((each) => [like(each), each]))
  const isFirst = (each: Ran) => firsts.get(like(each)) === each
  const pairs = grow(singles.filter(isFirst))
  const same = grow(singles.filter((each) => !isFirst(each))).length
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
  return { trials, omitted: pairs.length - chosen.length, same }
}

/** Where few plans are wanted, many batches give none. */
const batchesMost = 250_000

/** Classes of which the scenario faces no fault. */
export function unfacedIn({ faults }: ScenarioFacts): FaultClass[] {
  return faultClasses.filter((one) => !faults.some((fault) => fault.class === one))
}

function joinPoints(all: readonly (readonly Reachable[])[]): Reachable[] {
  return [...new Map(all.flat().map((point) => [nameOf(point.address), point])).values()]
}

/** The systematic trials up to the bound, how many it left out, and how many by chance are to follow. */
function trialsOf(
  ground: Ground,
  { begun, rest }: Pick<Front, 'begun' | 'rest'>,
  { seed, trialsMax, randomPlans = 0, isWanted = isAny }: SearchOptions,
) {
  const made = systematic(ground, begun, rest, seed)
  const all = made.filter(({ plan }) => isWanted(plan))
  const chosen = all.slice(0, trialsMax)
  const asked = randomPlans === 'fill' ? trialsMax - chosen.length : randomPlans
  return {
    chosen,
    omitted: all.length - chosen.length,
    unwanted: made.length - all.length,
    random: all.length === 0 ? 0 : Math.max(0, asked),
  }
}

/** Plans by chance, a share at a time. Returns how many there were; what was not begun counts as well. */
async function runRandom(
  course: Course,
  ground: Ground,
  { before, count, sampleEvery }: { readonly before: number; readonly count: number; readonly sampleEvery: number },
  { seed, shard, isWanted = isAny }: SearchOptions,
): Promise<{ readonly trials: number; readonly kept: readonly Ran[] }> {
  const kept: Ran[] = []
  let [drawn, trials] = [0, 0]
  for (const plans of randomPlansOf(ground, seed, count)) {
    if (course.isOver) break
    drawn += plans.length
    const some = plans
      .filter(isWanted)
      .map((plan, index) => ({ plan, seed: trialSeed(seed, 'search', trials + index) }))
    const expected = before + trials + some.length + count - drawn
    kept.push(...(await course.run(number(some, before + trials + 1, sampleEvery), ownShare(expected, shard))))
    trials += some.length
  }
  return { trials: trials + count - drawn, kept }
}
