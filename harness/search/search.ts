/**
 * Searches one scenario for violations: baseline, single faults, then each violation confirmed, shrunk and reported once. It drives
 * an executor and does not know in which process trials run.
 */
import fc from 'fast-check'
import { faultClasses } from '../../faults/fault.js'
import { planArbitrary } from '../../faults/plan/arbitrary.js'
import { encodePlan } from '../../faults/plan/notation.js'
import type { Executor, TrialRecord } from '../contracts/executor.js'
import { isOwn, ownShare } from '../contracts/shard.js'
import { trialSeed } from '../contracts/stream.js'
import { type Baseline, baselineFailure, runBaseline } from './baseline.js'
import { Findings } from './findings.js'
import { type Probed, probesOf } from './frontier.js'
import { type Ground, groundOf, reachableIn } from './ground.js'
import type { SearchOptions } from './options.js'
import { checkRepeatable, type Difference, type Sampled } from './repeatable.js'
import { opening, systematic } from './schedule.js'
import { resultOf, type Searched, type SearchResult } from './searched.js'
import { shrinkingOf, tellAll, trialReport } from './tell.js'
import { Course, type Numbered, number, type PlannedTrial, type Ran, specOf } from './trials.js'

export async function search(executor: Executor, options: SearchOptions): Promise<SearchResult> {
  const baseline = await runBaseline(executor, options.seed)
  return baseline.kind === 'sound'
    ? resultOf(await runSearch(executor, baseline.record, options), options.shard)
    : unsound(executor, baseline)
}

async function runSearch(executor: Executor, baseline: TrialRecord, options: SearchOptions): Promise<Searched> {
  const { facts } = executor
  const { shard } = options
  const findings = new Findings(facts)
  // Every shard runs the baseline, for the sites that it reaches; the first one counts it.
  const counts = isOwn(1, shard)
  if (counts) findings.addBaseline(baseline)
  const { trials, omitted, kept } = await runStages(executor, baseline, findings, options)
  const sampled: Sampled[] = kept.filter(({ isSample }) => isSample)
  if (counts) sampled.unshift({ trial: 0, spec: { plan: [], seed: options.seed, detail: 'full' }, record: baseline })
  const caught = findings.canary()
  const violations = await tellAll(executor, caught ? [caught] : findings.findings, options)
  const interrupted = options.signal?.aborted ?? false
  // A canary that was caught was run again to be shrunk: it has shown already that it repeats.
  const rechecked = caught || interrupted ? [] : sampled
  const unrepeatable = (await recheck(executor, rechecked, findings, options)) ?? null
  const { run, reached, landed, killed, modelCalled, intruded } = findings
  const modelNeverCalled = facts.facesModel && !modelCalled && baseline.spend.modelCalls === 0
  const planned = caught ? run : ownShare(trials, shard) + ownShare(omitted, shard)
  return {
    ...common(executor, baseline, findings),
    violations,
    search: {
      planned,
      run,
      reached,
      landed,
      shrinking: shrinkingOf(violations) + rechecked.length,
      skipped: planned - run,
    },
    part: {
      trials,
      listed: facts.invariants.filter(({ listed }) => listed).map(({ name }) => name),
      killed,
      intruded,
      strays: findings.strays(),
      breakers: findings.breakers(),
      reasons: findings.reasons(),
      unrepeatable,
      ...(modelNeverCalled && { modelNeverCalled }),
    },
    interrupted,
  }
}

/** What the trials of a search were. */
interface Stages {
  /** How many there are, of all shards. */
  readonly trials: number
  /** Systematic ones that the bound left out. */
  readonly omitted: number
  readonly kept: readonly Ran[]
}

/** First what can be planned from the baseline alone, then what its trials say, then plans by chance. */
async function runStages(
  executor: Executor,
  baseline: TrialRecord,
  findings: Findings,
  options: SearchOptions,
): Promise<Stages> {
  const { seed, trialsMax, rechecksMax = 8 } = options
  const course = new Course(executor, findings, options)
  const ground = groundOf(baseline, executor.facts)
  const first = opening(ground)
  const expected = trialsOf(ground, [], options).chosen.length
  const sampleEvery = Math.max(1, Math.ceil(expected / rechecksMax))
  const probes = new Set(probesOf(ground.reachable, ground.faults).map(encodePlan))
  const opened = first.slice(0, trialsMax).map((plan) => ({ plan, seed }))
  const numbered = number(opened, 1, sampleEvery, (plan) => probes.has(encodePlan(plan)))
  const kept = await course.run(numbered, ownShare(expected, options.shard))
  const probed = await lookBeyond(executor, numbered, kept, course.isOver, options)
  const { chosen, omitted } = trialsOf(ground, probed, options)
  const rest = number(chosen, 1, sampleEvery).slice(numbered.length)
  const later = await course.run(rest, ownShare(chosen.length, options.shard))
  return { trials: chosen.length, omitted, kept: [...kept, ...later] }
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
  const own = new Map(kept.map(({ trial, record }) => [trial, record]))
  const missing = isOver ? [] : probes.filter(({ trial }) => !own.has(trial))
  const records = missing.length > 0 ? await executor.run(missing.map(specOf), { signal }) : []
  const others = new Map(missing.map(({ trial }, index) => [trial, records[index]]))
  return probes.flatMap(({ trial, plan }) => {
    const trace = (own.get(trial) ?? others.get(trial))?.evidence?.trace
    return trace ? [{ plan, reached: reachableIn(trace) }] : []
  })
}

/**
 * The trials that are to be run, and how many the bound left out. First come systematic ones up to the bound. Then come
 * those by chance, each under a seed of its own. So what the agent and the model draw is not the same every time.
 */
function trialsOf(
  ground: Ground,
  probed: readonly Probed[],
  { seed, trialsMax, randomPlans = 0 }: SearchOptions,
): { readonly chosen: readonly PlannedTrial[]; readonly omitted: number } {
  const all = systematic(ground, probed, seed)
  if (all.length === 0) return { chosen: [], omitted: 0 }
  const planned = all.slice(0, trialsMax)
  const numRuns = randomPlans === 'fill' ? trialsMax - planned.length : randomPlans
  const plans = numRuns > 0 ? fc.sample(planArbitrary(ground.reachable, ground.faults), { seed, numRuns }) : []
  const random = plans.map((plan, index) => ({ plan, seed: trialSeed(seed, 'search', index) }))
  return { chosen: [...planned, ...random], omitted: all.length - planned.length }
}

async function recheck(
  executor: Executor,
  sampled: readonly Sampled[],
  findings: Findings,
  { onProgress }: SearchOptions,
): Promise<Difference | undefined> {
  if (sampled.length === 0) return undefined
  onProgress?.({ phase: 'recheck', done: 0, planned: sampled.length, violations: findings.findings.length })
  return checkRepeatable(executor, sampled)
}

function unsound(executor: Executor, { record, kind, because }: Extract<Baseline, { because: string }>): SearchResult {
  const findings = new Findings(executor.facts)
  findings.addBaseline(record)
  return {
    ...common(executor, record, findings),
    baselineFailure: baselineFailure(record),
    measure: null,
    verdict: kind,
    because,
    violations: [],
    search: { planned: 0, run: 0, reached: 0, landed: 0, shrinking: 0, skipped: 0 },
    notes: [],
  }
}

function common({ facts }: Executor, baseline: TrialRecord, findings: Findings) {
  return {
    name: facts.name,
    canary: facts.canary,
    baseline: trialReport(baseline),
    baselineEvents: baseline.evidence?.trace.events.slice(),
    invariants: findings.invariantRows(),
    coverage: findings.coverage(),
    unfaced: faultClasses.filter((one) => !facts.faults.some((fault) => fault.class === one)),
  }
}
