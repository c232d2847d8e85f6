/**
 * What measuring adds to what a search found: the reliability itself, violations of safety that the sample met by chance,
 * and the verdict of both. Apart from the phases because neither knows the other.
 */

import type { Executor, ScenarioFacts } from '../contracts/executor.js'
import { readPlan } from '../contracts/read-plan.js'
import type { MeasureReport, ViolationReport } from '../contracts/report/report.js'
import { isMeasurable } from '../measure/measurable.js'
import { type MeasureOptions, measure } from '../measure/measure.js'
import type { MeasuredTrial } from '../measure/trials.js'
import { arrange } from '../search/causes.js'
import { Findings } from '../search/findings.js'
import type { SearchOptions } from '../search/options.js'
import type { SearchResult } from '../search/searched.js'
import { shrinkingOf, tellAll } from '../search/tell.js'
import { conclude } from './conclusion.js'

export type ReliabilityOptions = Pick<SearchOptions, 'seed' | 'signal' | 'command' | 'shard'> & {
  /** A gate that needs more trials is refused. */
  readonly trialsMax: number
  readonly gate?: MeasureOptions['gate']
  readonly gates?: MeasureOptions['gates']
  readonly sweep?: MeasureOptions['sweep']
  readonly onProgress: (progress: MeasureProgress) => void
}

export interface MeasureProgress {
  readonly phase: 'measure' | 'shrink'
  readonly done: number
  readonly planned: number
  readonly violations: number
}

/** Measures where a reliability is asked for and the scenario works without faults; otherwise returns what was found. */
export async function withReliability(
  executor: Executor,
  found: SearchResult,
  options: ReliabilityOptions,
): Promise<SearchResult> {
  const works = found.verdict !== 'broken' && found.verdict !== 'misconfigured'
  if (!works || !isMeasurable(executor.facts) || options.signal?.aborted) return found
  const { seed, signal, trialsMax, gate, gates, sweep, shard } = options
  const { report, trials } = await measure(executor, {
    seed,
    trialsMax,
    gate,
    gates,
    sweep,
    signal,
    shard,
    onProgress: (done, planned, violations) => options.onProgress({ phase: 'measure', done, planned, violations }),
  })
  const met = safetyFindings(executor.facts, trials, found.violations)
  const reported = await tellAll(executor, met.findings, {
    ...options,
    onProgress: (progress) => options.onProgress({ ...progress, phase: 'shrink' }),
  })
  const violations = reported.map((violation) => asMeasured(violation, found))
  return withMeasured(found, report, violations)
}

/** What a search found and what measuring did, under one verdict; of a part of both, what can be said of it already. */
export function withMeasured(
  found: SearchResult,
  measure: MeasureReport,
  violations: readonly ViolationReport[],
): SearchResult {
  const searched = { verdict: found.verdict, because: found.because }
  return {
    ...found,
    ...conclude(searched, measure, violations),
    searched,
    measure,
    violations: arrange([...found.violations, ...violations]),
    invariants: found.invariants.map((row) =>
      violations.some(({ invariant, status }) => invariant === row.name && status !== 'flaky')
        ? { ...row, verdict: 'violated' as const }
        : row,
    ),
    search: { ...found.search, shrinking: found.search.shrinking + shrinkingOf(violations) },
  }
}

/** Violations of safety that the search has not reported already. */
function safetyFindings(
  facts: ScenarioFacts,
  trials: readonly MeasuredTrial[],
  known: readonly ViolationReport[],
): Findings {
  const findings = new Findings(facts)
  const safety = new Set(facts.invariants.filter(({ kind }) => kind === 'safety').map(({ name }) => name))
  for (const { number, record } of trials) {
    const judgements = record.judgements.filter(
      ({ invariant, verdict }) =>
        verdict.kind === 'violated' && safety.has(invariant) && !isKnown(known, invariant, verdict.signature),
    )
    // Only what is reported must be run again.
    const plan = judgements.length > 0 ? readPlan(record.plan, facts.faults) : []
    findings.add(number, { plan, seed: record.seed, detail: 'brief' }, record, judgements)
  }
  return findings
}

/** Whether a bug has been reported. */
export function isKnown(known: readonly ViolationReport[], invariant: string, signature: string): boolean {
  return known.some((violation) => violation.invariant === invariant && violation.signature === signature)
}

/** Counted on from the search: of all its trials, where these are a part of them. */
function asMeasured(violation: ViolationReport, { search, part }: SearchResult): ViolationReport {
  const before = part?.trials ?? search.run
  const { foundAfterTrials, shown, also } = violation
  return {
    ...violation,
    phase: 'measure',
    foundAfterTrials: before + foundAfterTrials,
    shown: { ...shown, by: before + shown.by },
    also: also.map((plan) => ({ ...plan, by: before + plan.by })),
  }
}
