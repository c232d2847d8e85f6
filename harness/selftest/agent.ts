/**
 * A correct agent under faults at random: whatever an invariant holds against it is a false alarm. What was seen is run
 * again, shrunk and reported as any violation is, for somebody has to find out who is wrong.
 */

import type { Executor, ScenarioFacts, TrialRecord, TrialSpec } from '../contracts/executor.js'
import { readPlan } from '../contracts/read-plan.js'
import type { ViolationReport } from '../contracts/report/report.js'
import type { AgentReport } from '../contracts/report/selftest-report.js'
import { type Baseline, runBaseline } from '../search/baseline.js'
import { type Finding, Findings } from '../search/findings.js'
import { reachableIn } from '../search/ground.js'
import { tellAll } from '../search/tell.js'
import type { SelftestProgress } from './options.js'
import { sample } from './sample.js'

export interface AgentOptions {
  readonly seed: number
  readonly trials: number
  readonly signal: AbortSignal
  /** As it is to be shown. */
  readonly file: string
  readonly repaired: boolean
  readonly command: (seed: number, plan: string) => string
  readonly onProgress: (progress: Omit<Extract<SelftestProgress, { kind: 'trials' }>, 'kind' | 'name'>) => void
}

/** How many trials are kept until they have been looked at. */
const batch = 500

export async function tryAgent(executor: Executor, options: AgentOptions): Promise<AgentReport> {
  const { facts } = executor
  const { file, repaired, signal } = options
  const baseline = await runBaseline(executor, options.seed)
  const findings = new Findings(facts)
  findings.addBaseline(baseline.record)
  if (baseline.kind === 'sound') await tryAll(executor, baseline.record, findings, options)
  const seen = baseline.kind === 'broken' ? atOnce(facts, baseline.record) : findings.findings
  const reported = await tellAll(executor, seen, { ...options, trialsMax: 0 })
  const violations = reported.map((violation) => ({ ...violation, phase: 'sample' as const }))
  const rows = findings.invariantRows()
  const doubtful = rows.find(({ verdict }) => verdict === 'inconclusive')
  return {
    name: facts.name,
    repaired,
    ...conclude({
      baseline,
      violations,
      interrupted: signal.aborted,
      landed: findings.landed,
      doubt: doubtful && `${doubtful.name}: ${doubtful.because ?? 'could not be judged'}`,
    }),
    trials: findings.run,
    landed: findings.landed,
    alarms: violations,
    untested: rows.filter(({ verdict }) => verdict === 'not-tested').map(({ name }) => name),
    environment: { file },
  }
}

async function tryAll(
  executor: Executor,
  { evidence }: TrialRecord,
  findings: Findings,
  { seed, trials, signal, onProgress }: AgentOptions,
): Promise<void> {
  const { name, faults } = executor.facts
  const reachable = evidence ? reachableIn(evidence.trace) : []
  let done = 0
  const onTrial = () => onProgress({ phase: 'sample', done: ++done, planned: trials })
  for (let from = 0; from < trials && !signal.aborted; from += batch) {
    const specs = sample({ seed, name, faults, reachable }, from, Math.min(trials, from + batch))
    const records = await executor.run(specs, { signal, onTrial })
    for (const [index, spec] of specs.entries()) {
      const record = records[index]
      if (record) findings.add(from + index + 1, asPlanned(executor, spec, record), record)
    }
  }
}

/** A trial that chance struck as it came is run again by what was drawn. */
function asPlanned({ facts }: Executor, { seed, detail, profile, plan }: TrialSpec, record: TrialRecord): TrialSpec {
  return { seed, detail, plan: profile ? readPlan(record.plan, facts.faults) : plan }
}

/** What is violated without any fault. */
function atOnce(facts: ScenarioFacts, record: TrialRecord): readonly Finding[] {
  const findings = new Findings(facts)
  findings.add(0, { plan: [], seed: record.seed, detail: 'full' }, record)
  return findings.findings
}

interface Evidence {
  readonly baseline: Baseline
  readonly violations: readonly ViolationReport[]
  readonly interrupted: boolean
  readonly landed: number
  /** Why a trial could not be judged, if one could not. */
  readonly doubt: string | undefined
}

function conclude(evidence: Evidence): Pick<AgentReport, 'verdict' | 'because'> {
  const { baseline, violations, interrupted, landed, doubt } = evidence
  const confirmed = violations.filter(({ status }) => status !== 'flaky').map(({ invariant }) => invariant)
  const inconclusive = (because: string) => ({ verdict: 'inconclusive', because }) as const
  if (confirmed.length > 0) return { verdict: 'alarm', because: `alarm: ${[...new Set(confirmed)].join(', ')}` }
  if (baseline.kind !== 'sound') return { verdict: 'misconfigured', because: baseline.because }
  if (interrupted) return inconclusive('interrupted')
  if (violations.length > 0) return inconclusive('a violation was seen once and not again under the same plan and seed')
  if (landed === 0) return inconclusive('no fault landed: nothing was tested')
  if (doubt !== undefined) return inconclusive(doubt)
  return { verdict: 'quiet', because: `no alarm in ${landed} trials with faults` }
}
