/**
 * Searches one scenario for violations: baseline, sweep, then each violation confirmed, shrunk and told once. It drives
 * an executor and does not know in which process trials run.
 */
import fc from 'fast-check'
import { planArbitrary, type Reachable } from '../../faults/arbitrary.js'
import type { FaultDescription } from '../../faults/fault.js'
import type { Plan } from '../../faults/plan.js'
import type { InvariantRow, ScenarioReport, TrialReport, ViolationReport } from '../report.js'
import type { Executor, TrialRecord, TrialSpec } from '../run/executor.js'
import { runBaseline } from './baseline.js'
import { type Finding, Findings, shows } from './findings.js'
import { checkRepeatable, type Sampled } from './repeatable.js'
import { shrink } from './shrink.js'
import { reachableIn, singles } from './sweep.js'

export type SearchPhase = 'search' | 'shrink' | 'recheck'

export interface SearchOptions {
  readonly seed: number
  /** The most trials of the search. */
  readonly trialsMax: number
  /** Plans drawn at random that follow the systematic ones; none by default. */
  readonly randomPlans?: number
  /** Aborted: what has been found so far is still confirmed and reported. */
  readonly signal?: AbortSignal | undefined
  /** Tells of the search's progress: trials done and planned, violations so far. */
  readonly onProgress?: (progress: SearchProgress) => void
  /** The command that replays a violation in a fresh process. */
  readonly command: (seed: number, plan: string) => string
  /** How many trials are run again to see whether they repeat; 8 by default. */
  readonly rechecksMax?: number
}

export interface SearchProgress {
  readonly phase: SearchPhase
  readonly done: number
  readonly planned: number
  readonly violations: number
}

/** What a search found; file and wall time are for the caller to add. */
export type SearchResult = Omit<ScenarioReport, 'environment' | 'timing'>

export async function search(executor: Executor, options: SearchOptions): Promise<SearchResult> {
  const baseline = await runBaseline(executor, options.seed)
  const findings = new Findings(executor.facts)
  findings.addBaseline(baseline.record)
  if (baseline.kind !== 'sound') return unsound(executor, baseline, findings)
  const trace = baseline.record.evidence?.trace
  const planned = trace ? plans(reachableIn(trace), executor.facts.faults, options) : []
  const specs = sampledSpecs(planned.slice(0, options.trialsMax), options)
  const sampled = await sweep(executor, specs, findings, options)
  sampled.unshift({ spec: { plan: [], seed: options.seed, detail: 'full' }, record: baseline.record })
  const told = await tellAll(executor, findings, options)
  const odd = options.signal?.aborted ? undefined : await recheck(executor, sampled, findings, options)
  const counts = {
    planned: planned.length,
    run: findings.run,
    reached: findings.reached,
    landed: findings.landed,
    shrinking: told.trials + (odd === undefined && options.signal?.aborted ? 0 : sampled.length),
    skipped: planned.length - findings.run,
  }
  return {
    ...common(executor, baseline.record, findings),
    ...conclude(executor, findings, told.violations, odd, counts, options),
    violations: told.violations,
    search: counts,
    notes: [
      ...findings.notes(),
      ...(odd ? [odd] : []),
      ...(counts.skipped > 0 ? [`${counts.skipped} of ${counts.planned} planned trials were not run`] : []),
    ],
  }
}

function plans(
  reachable: readonly Reachable[],
  faults: readonly FaultDescription[],
  { seed, randomPlans = 0 }: SearchOptions,
): Plan[] {
  const systematic = singles(reachable, faults)
  if (randomPlans === 0 || systematic.length === 0) return systematic
  return [...systematic, ...fc.sample(planArbitrary(reachable, faults), { seed, numRuns: randomPlans })]
}

/** Every so many trials are kept whole, to be run again. */
function sampledSpecs(plans: readonly Plan[], { seed, rechecksMax = 8 }: SearchOptions): TrialSpec[] {
  const every = Math.max(1, Math.ceil(plans.length / rechecksMax))
  return plans.map((plan, index) => ({ plan, seed, detail: index % every === 0 ? 'full' : 'brief' }))
}

async function sweep(
  executor: Executor,
  specs: readonly TrialSpec[],
  findings: Findings,
  { onProgress, signal }: SearchOptions,
): Promise<Sampled[]> {
  let done = 0
  let violations = 0
  const onTrial = (record: TrialRecord) => {
    done++
    if (record.judgements.some(({ verdict }) => verdict.kind === 'violated')) violations++
    onProgress?.({ phase: 'search', done, planned: specs.length, violations })
  }
  const records = await executor.run(specs, { onTrial, signal })
  const sampled: Sampled[] = []
  for (const [index, record] of records.entries()) {
    const spec = specs[index]
    if (!spec || !record) continue
    findings.add(spec, record)
    if (spec.detail === 'full') sampled.push({ spec, record })
  }
  return sampled
}

async function tellAll(executor: Executor, findings: Findings, options: SearchOptions) {
  const violations: ViolationReport[] = []
  let trials = 0
  const counting: Executor = {
    facts: executor.facts,
    run: (specs, runOptions) => {
      trials += specs.length
      return executor.run(specs, runOptions)
    },
  }
  const all = findings.findings
  for (const [index, finding] of all.entries()) {
    options.onProgress?.({ phase: 'shrink', done: index, planned: all.length, violations: all.length })
    violations.push(await tell(counting, finding, options))
  }
  return { violations, trials }
}

/** Runs a violation again before anything else: one that does not repeat would only be shrunk to noise. */
async function tell(executor: Executor, finding: Finding, options: SearchOptions): Promise<ViolationReport> {
  if (options.signal?.aborted) return violationReport(finding, finding.record, 'unconfirmed', options)
  const { invariant, verdict, spec } = finding
  const again = async (plan: Plan, detail: TrialSpec['detail']) => {
    const [record] = await executor.run([{ ...spec, plan, detail }], { signal: options.signal })
    return record && shows(record, invariant, verdict.signature) ? record : undefined
  }
  const fails = async (plan: Plan) => (await again(plan, 'brief')) !== undefined
  if (!(await fails(spec.plan))) {
    return violationReport(finding, finding.record, options.signal?.aborted ? 'unconfirmed' : 'flaky', options)
  }
  const record = await again(await shrink(spec.plan, executor.facts.faults, fails), 'full')
  return violationReport(finding, record ?? finding.record, record ? 'confirmed' : 'unconfirmed', options)
}

function violationReport(
  finding: Finding,
  record: TrialRecord,
  status: ViolationReport['status'],
  { command }: SearchOptions,
): ViolationReport {
  const { invariant, verdict, foundAfterTrials, occurrences } = finding
  const { signature, story, evidence } = shows(record, invariant, verdict.signature) ?? verdict
  const { events = [] } = record.evidence?.trace ?? {}
  return {
    invariant,
    signature,
    story,
    status,
    foundAfterTrials,
    occurrences,
    faults: record.injections.reduce((sum, injection) => sum + injection.faults, 0),
    trial: trialReport(record),
    evidence: events.length > 0 ? [...evidence] : [],
    events: [...events],
    environment: { command: command(record.seed, record.plan) },
  }
}

async function recheck(
  executor: Executor,
  sampled: readonly Sampled[],
  findings: Findings,
  { onProgress }: SearchOptions,
): Promise<string | undefined> {
  onProgress?.({ phase: 'recheck', done: 0, planned: sampled.length, violations: findings.findings.length })
  return checkRepeatable(executor, sampled)
}

type Conclusion = Pick<ScenarioReport, 'verdict' | 'because'>

function conclude(
  { facts }: Executor,
  findings: Findings,
  violations: readonly ViolationReport[],
  odd: string | undefined,
  counts: ScenarioReport['search'],
  { signal }: SearchOptions,
): Conclusion {
  const confirmed = violations.filter(({ status }) => status !== 'flaky')
  const inconclusive = (because: string): Conclusion => ({ verdict: 'inconclusive', because })
  if (facts.canary !== null) {
    const caught = confirmed.some(({ invariant }) => invariant === facts.canary)
    if (caught) return { verdict: 'passed', because: `caught: ${facts.canary}` }
    if (signal?.aborted) return inconclusive('interrupted before the canary was caught')
    return { verdict: 'violated', because: `the canary was not caught: ${facts.canary} was never violated` }
  }
  if (confirmed.length > 0) {
    return {
      verdict: 'violated',
      because: `violated: ${[...new Set(confirmed.map(({ invariant }) => invariant))].join(', ')}`,
    }
  }
  if (signal?.aborted) return inconclusive('interrupted')
  if (odd !== undefined) return inconclusive(odd)
  if (violations.length > 0) return inconclusive('a violation was seen once and not again under the same plan and seed')
  if (counts.landed === 0) return inconclusive('no fault landed: nothing was tested')
  const rows = findings.invariantRows()
  const doubtful = rows.find(({ verdict }) => verdict === 'inconclusive')
  if (doubtful) return inconclusive(`${doubtful.name}: ${doubtful.because ?? 'could not be judged'}`)
  const untested = rows.find((row) => row.verdict === 'not-tested' && isListed(facts, row))
  if (untested) return inconclusive(`${untested.name} was never put to the test: ${untested.because ?? 'no trial'}`)
  return { verdict: 'passed', because: `no violation in ${findings.landed} trials with faults` }
}

function isListed(facts: Executor['facts'], { name }: InvariantRow): boolean {
  return facts.invariants.some((invariant) => invariant.name === name && invariant.listed)
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
  }
}

function trialReport({ plan, seed, end, claim, goal, spend, evidence }: TrialRecord): TrialReport {
  return { plan, seed, end: end.kind, claim, goal, digest: evidence?.digest ?? '', spend }
}
