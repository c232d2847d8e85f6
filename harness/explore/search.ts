/**
 * Searches one scenario for violations: baseline, sweep, then each violation confirmed, shrunk and told once. It drives
 * an executor and does not know in which process trials run.
 */
import fc from 'fast-check'
import { planArbitrary, type Reachable } from '../../faults/arbitrary.js'
import type { FaultDescription } from '../../faults/fault.js'
import type { ScenarioReport } from '../report.js'
import type { Executor, TrialRecord, TrialSpec } from '../run/executor.js'
import { stream } from '../world/entropy.js'
import { runBaseline } from './baseline.js'
import { conclude } from './conclude.js'
import { Findings } from './findings.js'
import type { SearchOptions } from './options.js'
import { checkRepeatable, type Sampled } from './repeatable.js'
import { reachableIn, singles } from './sweep.js'
import { tellAll, trialReport } from './tell.js'

/** What a search found; file and wall time are for the caller to add. */
export type SearchResult = Omit<ScenarioReport, 'environment' | 'timing'>

export async function search(executor: Executor, options: SearchOptions): Promise<SearchResult> {
  const baseline = await runBaseline(executor, options.seed)
  const findings = new Findings(executor.facts)
  findings.addBaseline(baseline.record)
  if (baseline.kind !== 'sound') return unsound(executor, baseline, findings)
  const trace = baseline.record.evidence?.trace
  const { planned, trials } = chosen(trace ? reachableIn(trace) : [], executor.facts.faults, options)
  const specs = sampledSpecs(trials, options)
  const sampled = await sweep(executor, specs, findings, options)
  sampled.unshift({ spec: { plan: [], seed: options.seed, detail: 'full' }, record: baseline.record })
  const caught = findings.canary()
  const told = await tellAll(executor, caught ? [caught] : findings.findings, options)
  const interrupted = options.signal?.aborted ?? false
  // A canary that was caught was run again to be shrunk: it has shown already that it repeats.
  const rechecked = caught || interrupted ? [] : sampled
  const unrepeatable = await recheck(executor, rechecked, findings, options)
  const skipped = caught ? 0 : planned - findings.run
  return {
    ...common(executor, baseline.record, findings),
    ...conclude({ facts: executor.facts, findings, violations: told.violations, unrepeatable, interrupted }),
    violations: told.violations,
    search: {
      planned: caught ? findings.run : planned,
      run: findings.run,
      reached: findings.reached,
      landed: findings.landed,
      shrinking: told.trials + rechecked.length,
      skipped,
    },
    notes: [
      ...findings.notes(),
      ...(unrepeatable === undefined ? [] : [unrepeatable]),
      ...(skipped > 0 ? [`${skipped} of ${planned} planned trials were not run`] : []),
    ],
  }
}

type PlannedTrial = Pick<TrialSpec, 'plan' | 'seed'>

/**
 * How many plans there are, and the trials that are to be run: systematic ones up to the bound, all under one seed, so that
 * they differ in their plans alone; then those by chance, each with a seed of its own, so that what the agent and the
 * model draw is not the same every time.
 */
function chosen(
  reachable: readonly Reachable[],
  faults: readonly FaultDescription[],
  { seed, trialsMax, randomPlans = 0 }: SearchOptions,
): { readonly planned: number; readonly trials: readonly PlannedTrial[] } {
  const systematic = singles(reachable, faults)
  if (systematic.length === 0) return { planned: 0, trials: [] }
  const swept = systematic.slice(0, trialsMax).map((plan) => ({ plan, seed }))
  const numRuns = randomPlans === 'fill' ? trialsMax - swept.length : randomPlans
  const plans = numRuns > 0 ? fc.sample(planArbitrary(reachable, faults), { seed, numRuns }) : []
  const random = plans.map((plan, index) => ({ plan, seed: seedOf(seed, index) }))
  return { planned: systematic.length + random.length, trials: [...swept, ...random] }
}

/** Of the `index`-th random plan, from 0; the same however many there are, and whichever process runs it. */
function seedOf(seed: number, index: number): number {
  return Math.floor(stream(seed, `search:${index}`)() * 2 ** 32)
}

/** Every so many trials are kept whole, to be run again. */
function sampledSpecs(trials: readonly PlannedTrial[], { rechecksMax = 8 }: SearchOptions): TrialSpec[] {
  const every = Math.max(1, Math.ceil(trials.length / rechecksMax))
  return trials.map((trial, index) => ({ ...trial, detail: index % every === 0 ? 'full' : 'brief' }))
}

/** Trials of a canary's search between two looks at whether it has been caught. */
const canaryBatch = 8

/** Runs the trials, those of a canary only until it is caught. Returns those that were kept whole. */
async function sweep(
  executor: Executor,
  specs: readonly TrialSpec[],
  findings: Findings,
  { onProgress, signal }: SearchOptions,
): Promise<Sampled[]> {
  const batch = executor.facts.canary === null ? specs.length : canaryBatch
  const sampled: Sampled[] = []
  let done = 0
  let violations = 0
  const onTrial = (record: TrialRecord) => {
    done++
    if (record.judgements.some(({ verdict }) => verdict.kind === 'violated')) violations++
    onProgress?.({ phase: 'search', done, planned: specs.length, violations })
  }
  for (let from = 0; from < specs.length && !findings.canary() && !signal?.aborted; from += batch) {
    const some = specs.slice(from, from + batch)
    const records = await executor.run(some, { onTrial, signal })
    for (const [index, record] of records.entries()) {
      const spec = some[index]
      if (!spec || !record) continue
      findings.add(spec, record)
      if (spec.detail === 'full') sampled.push({ spec, record })
    }
  }
  return sampled
}

async function recheck(
  executor: Executor,
  sampled: readonly Sampled[],
  findings: Findings,
  { onProgress }: SearchOptions,
): Promise<string | undefined> {
  if (sampled.length === 0) return undefined
  onProgress?.({ phase: 'recheck', done: 0, planned: sampled.length, violations: findings.findings.length })
  return checkRepeatable(executor, sampled)
}

function unsound(
  executor: Executor,
  baseline: Extract<Awaited<ReturnType<typeof runBaseline>>, { because: string }>,
  findings: Findings,
): SearchResult {
  return {
    ...common(executor, baseline.record, findings),
    verdict: baseline.kind,
    because: baseline.because,
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
    invariants: findings.invariantRows(),
    coverage: findings.coverage(),
    measure: null,
  }
}
