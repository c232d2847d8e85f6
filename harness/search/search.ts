/**
 * Searches one scenario for violations: baseline, single faults, then each violation confirmed, shrunk and reported once. It drives
 * an executor and does not know in which process trials run.
 */
import fc from 'fast-check'
import { type FaultDescription, faultClasses } from '../../faults/fault.js'
import { planArbitrary, type Reachable } from '../../faults/plan/arbitrary.js'
import type { Executor, TrialRecord, TrialSpec } from '../contracts/executor.js'
import { isOwn, ownShare } from '../contracts/shard.js'
import { trialSeed } from '../contracts/stream.js'
import { type Baseline, baselineFailure, runBaseline } from './baseline.js'
import { Findings } from './findings.js'
import { beyond, type Probed, probesOf } from './frontier.js'
import type { SearchOptions } from './options.js'
import { checkRepeatable, type Difference, type Sampled } from './repeatable.js'
import { resultOf, type Searched, type SearchResult } from './searched.js'
import { reachableIn, singles } from './singles.js'
import { shrinkingOf, tellAll, trialReport } from './tell.js'

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
  const trace = baseline.evidence?.trace
  const reachable = trace ? reachableIn(trace) : []
  const probed = await runProbes(executor, reachable, options)
  const trials = trialsOf(reachable, probed, facts.faults, options)
  const own = number(trials.chosen, options)
  const sampled = await runTrials(executor, own, findings, options)
  if (counts) sampled.unshift({ trial: 0, spec: { plan: [], seed: options.seed, detail: 'full' }, record: baseline })
  const caught = findings.canary()
  const violations = await tellAll(executor, caught ? [caught] : findings.findings, options)
  const interrupted = options.signal?.aborted ?? false
  // A canary that was caught was run again to be shrunk: it has shown already that it repeats.
  const rechecked = caught || interrupted ? [] : sampled
  const unrepeatable = (await recheck(executor, rechecked, findings, options)) ?? null
  const { run, reached, landed, killed, modelCalled, intruded } = findings
  const modelNeverCalled = facts.facesModel && !modelCalled && baseline.spend.modelCalls === 0
  const planned = caught ? run : own.length + ownShare(trials.omitted, shard)
  const shrinking = shrinkingOf(violations) + rechecked.length + (counts ? probed.length : 0)
  return {
    ...common(executor, baseline, findings),
    violations,
    search: { planned, run, reached, landed, shrinking, skipped: planned - run },
    part: {
      trials: trials.chosen.length,
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

/** Looks for sites that only a fault reveals. Every shard runs the probes, for what they reveal; the first one counts them. */
async function runProbes(
  executor: Executor,
  reachable: readonly Reachable[],
  { seed, signal, trialsMax }: SearchOptions,
): Promise<Probed[]> {
  const plans = probesOf(reachable, executor.facts.faults).slice(0, trialsMax)
  const records = await executor.run(
    plans.map((plan) => ({ plan, seed, detail: 'full' })),
    { signal },
  )
  return plans.flatMap((plan, index) => {
    const trace = records[index]?.evidence?.trace
    return trace ? [{ plan, reached: reachableIn(trace) }] : []
  })
}

type PlannedTrial = Pick<TrialSpec, 'plan' | 'seed'>

/**
 * The trials that are to be run, and how many the bound left out. First come systematic ones up to the bound, all under
 * one seed, so that they differ in their plans alone. Then come those by chance, each under a seed of its own. So what
 * the agent and the model draw is not the same every time.
 */
function trialsOf(
  reachable: readonly Reachable[],
  probed: readonly Probed[],
  faults: readonly FaultDescription[],
  { seed, trialsMax, randomPlans = 0 }: SearchOptions,
): { readonly chosen: readonly PlannedTrial[]; readonly omitted: number } {
  const systematic = singles(reachable, faults, beyond(probed, reachable, faults))
  if (systematic.length === 0) return { chosen: [], omitted: 0 }
  const planned = systematic.slice(0, trialsMax).map((plan) => ({ plan, seed }))
  const numRuns = randomPlans === 'fill' ? trialsMax - planned.length : randomPlans
  const plans = numRuns > 0 ? fc.sample(planArbitrary(reachable, faults), { seed, numRuns }) : []
  const random = plans.map((plan, index) => ({ plan, seed: trialSeed(seed, 'search', index) }))
  return { chosen: [...planned, ...random], omitted: systematic.length - planned.length }
}

/** A trial with its number in the search, from 1: other shards have the others. */
interface Numbered {
  readonly trial: number
  readonly spec: TrialSpec
}

/** The trials, or those of the shard. Every so many of all of them are kept whole, to be run again. */
function number(trials: readonly PlannedTrial[], { rechecksMax = 8, shard }: SearchOptions): Numbered[] {
  const every = Math.max(1, Math.ceil(trials.length / rechecksMax))
  return trials
    .map((trial, index): Numbered => {
      const detail = index % every === 0 ? 'full' : 'brief'
      return { trial: index + 1, spec: { ...trial, detail } }
    })
    .filter(({ trial }) => isOwn(trial, shard))
}

/** Trials of a canary's search between two looks at whether it has been caught. */
const canaryBatch = 8

/** Runs the trials, those of a canary only until it is caught. Returns those that were kept whole. */
async function runTrials(
  executor: Executor,
  numbered: readonly Numbered[],
  findings: Findings,
  { onProgress, signal }: SearchOptions,
): Promise<Sampled[]> {
  const batch = executor.facts.canary === null ? numbered.length : canaryBatch
  const sampled: Sampled[] = []
  let done = 0
  let violations = 0
  const onTrial = (record: TrialRecord) => {
    done++
    if (record.judgements.some(({ verdict }) => verdict.kind === 'violated')) violations++
    onProgress?.({ phase: 'search', done, planned: numbered.length, violations })
  }
  for (let from = 0; from < numbered.length && !findings.canary() && !signal?.aborted; from += batch) {
    const some = numbered.slice(from, from + batch)
    const specs = some.map(({ spec }) => spec)
    const records = await executor.run(specs, { onTrial, signal })
    for (const [index, { trial, spec }] of some.entries()) {
      const record = records[index]
      if (!record) continue
      findings.add(trial, spec, record)
      if (spec.detail !== 'brief') sampled.push({ trial, spec, record })
    }
  }
  return sampled
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
