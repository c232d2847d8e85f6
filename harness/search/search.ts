/**
 * Searches one scenario for violations: baseline, single faults, then each violation confirmed, shrunk and reported once. It drives
 * an executor and does not know in which process trials run.
 */
import type { Executor, ScenarioFacts, TrialRecord } from '../contracts/executor.js'
import { isOwn, ownShare } from '../contracts/shard.js'
import { type Baseline, baselineFailure, runBaseline } from './baseline.js'
import { Findings } from './findings.js'
import type { SearchOptions } from './options.js'
import { checkRepeatable, type Difference, type Sampled } from './repeatable.js'
import { resultOf, type Searched, type SearchResult } from './searched.js'
import { runStages, unfacedIn } from './stages.js'
import { shrinkingOf, tellAll, trialReport } from './tell.js'

export async function search(executor: Executor, options: SearchOptions): Promise<SearchResult> {
  const baseline = await runBaseline(executor, options.seed)
  return baseline.kind === 'sound'
    ? resultOf(await runSearch(executor, baseline.record, options), options)
    : unsound(executor, baseline)
}

async function runSearch(executor: Executor, baseline: TrialRecord, options: SearchOptions): Promise<Searched> {
  const { facts } = executor
  const { shard } = options
  const findings = new Findings(facts)
  // Every shard runs the baseline, for the sites that it reaches; the first one counts it.
  const counts = isOwn(1, shard)
  if (counts) findings.addBaseline(baseline)
  const { trials, omitted, kept, timeUp, cells, leftOut } = await runStages(executor, baseline, findings, options)
  const sampled = kept.flatMap(({ trial, spec, record }): Sampled[] => (record ? [{ trial, spec, record }] : []))
  if (counts) sampled.unshift({ trial: 0, spec: { plan: [], seed: options.seed, detail: 'full' }, record: baseline })
  const caught = findings.canary()
  const violations = await tellAll(executor, caught ? [caught] : findings.findings, options)
  const interrupted = options.signal?.aborted ?? false
  // A canary that was caught was run again to be shrunk: it has shown already that it repeats.
  const rechecked = caught || interrupted ? [] : sampled
  const unrepeatable = (await recheck(executor, rechecked, findings, options)) ?? findings.leak ?? null
  const { run, reached, landed, modelCalled } = findings
  const modelNeverCalled = facts.facesModel && !modelCalled && baseline.spend.modelCalls === 0
  const planned = caught ? run : ownShare(trials, shard) + ownShare(omitted, shard)
  return {
    ...common(executor, baseline, findings),
    coverage: findings.coverage(cells),
    leftOut,
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
      unrepeatable,
      ...partOf(facts, findings),
      ...(modelNeverCalled && { modelNeverCalled }),
      ...(timeUp && { timeUp }),
    },
    interrupted,
  }
}

function partOf({ invariants }: ScenarioFacts, findings: Findings) {
  const { killed, intruded, outages, death } = findings
  return {
    listed: invariants.filter(({ listed }) => listed).map(({ name }) => name),
    killed,
    intruded,
    ...(death && { death }),
    outages: { ...outages },
    strays: findings.strays(),
    behaviours: findings.behaviours(),
    breakers: findings.breakers(),
    reasons: findings.reasons(),
  }
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
    unfaced: unfacedIn(facts),
  }
}
