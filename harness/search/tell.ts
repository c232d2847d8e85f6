/** What was found, confirmed, shrunk and reported once for each way in which an invariant is violated. */
import type { Plan } from '../../faults/plan/plan.js'
import type { Executor, TrialRecord, TrialSpec } from '../contracts/executor.js'
import type { TrialReport, ViolationReport } from '../contracts/report/report.js'
import { type Finding, shows } from './findings.js'
import type { SearchOptions } from './options.js'
import { shrink } from './shrink.js'

/** The violations in the order in which they were found, each with the number of trials that it took to tell of it. */
export async function tellAll(
  executor: Executor,
  all: readonly Finding[],
  options: SearchOptions,
): Promise<ViolationReport[]> {
  const violations: ViolationReport[] = []
  for (const [index, finding] of all.entries()) {
    options.onProgress?.({ phase: 'shrink', done: index, planned: all.length, violations: all.length })
    let shrinking = 0
    const counting: Executor = {
      facts: executor.facts,
      run: (specs, runOptions) => {
        shrinking += specs.length
        return executor.run(specs, runOptions)
      },
    }
    violations.push({ ...(await tell(counting, finding, options)), shrinking })
  }
  return violations
}

/** How many trials it took to confirm and shrink violations. */
export function shrinkingOf(violations: readonly ViolationReport[]): number {
  return violations.reduce((sum, { shrinking = 0 }) => sum + shrinking, 0)
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

export function trialReport({ plan, seed, end, claim, goal, spend, evidence }: TrialRecord): TrialReport {
  return { plan, seed, end: end.kind, claim, goal, digest: evidence?.digest ?? '', spend }
}
