/** What was found, confirmed, shrunk and reported once for each way in which an invariant is violated. */
import { decodePlan, encodePlan } from '../../faults/plan/notation.js'
import type { Plan } from '../../faults/plan/plan.js'
import type { Executor, ScenarioFacts, TrialRecord, TrialSpec } from '../contracts/executor.js'
import type { TrialReport, ViolationReport } from '../contracts/report/report.js'
import { arrange } from './causes.js'
import { type Finding, shows } from './findings.js'
import type { SearchOptions } from './options.js'
import { withPlaces } from './places.js'
import { rankOf } from './plainness.js'
import { shrink } from './shrink.js'

/** Each bug once, in the order in which they are to be read, with the number of trials that it took to tell of it. */
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
  return arrange(violations)
}

/** How many trials it took to confirm and shrink violations. */
export function shrinkingOf(violations: readonly ViolationReport[]): number {
  return violations.reduce((sum, { shrinking = 0 }) => sum + shrinking, 0)
}

/** Runs a violation again before anything else: one that does not repeat would only be shrunk to noise. */
async function tell(executor: Executor, finding: Finding, options: SearchOptions): Promise<ViolationReport> {
  const { facts } = executor
  if (options.signal?.aborted) return violationReport(finding, finding.record, 'unconfirmed', facts, options)
  const { invariant, verdict, spec } = finding
  const again = async (plan: Plan, detail: TrialSpec['detail']) => {
    const [record] = await executor.run([{ ...spec, plan, detail }], { signal: options.signal })
    return record && shows(record, invariant, verdict.signature) ? record : undefined
  }
  const fails = async (plan: Plan) => (await again(plan, 'brief')) !== undefined
  if (!(await fails(spec.plan))) {
    const status = options.signal?.aborted ? 'unconfirmed' : 'flaky'
    return violationReport(finding, finding.record, status, facts, options)
  }
  const { plan: minimal, isMinimal, rest } = await shrink(spec.plan, facts.faults, fails)
  const record = await again(minimal, 'full')
  if (!record) return violationReport(finding, finding.record, 'unconfirmed', facts, options)
  const placed = await withPlaces(executor, { ...spec, plan: minimal }, record, options.signal)
  const other = rest.length > 0 && (await fails(rest)) ? (await shrink(rest, facts.faults, fails)).plan : undefined
  return {
    ...violationReport(finding, placed, 'confirmed', facts, options),
    ...(isMinimal && minimal.length > 1 && { needsEach: true as const }),
    ...(other && { enough: encodePlan(other) }),
  }
}

function violationReport(
  finding: Finding,
  record: TrialRecord,
  status: ViolationReport['status'],
  { invariants, faults }: ScenarioFacts,
  options: SearchOptions,
): ViolationReport {
  const { command } = options
  const { invariant, verdict, foundAfterTrials, occurrences, trial, kind, plainness } = finding
  const isKnown = options.isKnown?.({ invariant, signature: verdict.signature }) ?? false
  const facts = invariants.find(({ name }) => name === invariant)
  const { signature, story, evidence, remedy } = shows(record, invariant, verdict.signature) ?? verdict
  const { trace: { events = [] } = {}, console, places } = record.evidence ?? {}
  const { gravity, tells } = rankOf(facts ?? { kind: 'safety' })
  return {
    invariant,
    signature,
    story,
    ...(remedy !== undefined && { remedy }),
    gravity,
    status,
    ...(isKnown && { known: true as const }),
    foundAfterTrials,
    occurrences,
    faults: record.injections.reduce((sum, injection) => sum + injection.faults, 0),
    means: meaningOf(record.plan, faults),
    shown: { by: trial, kind, plainness, tells },
    also: alsoShownBy(finding, command),
    broke: record.judgements.flatMap(({ invariant: name, verdict }) =>
      verdict.kind === 'violated' && name !== invariant ? [{ invariant: name, signature: verdict.signature }] : [],
    ),
    trial: trialReport(record),
    evidence: events.length > 0 ? [...evidence] : [],
    events: [...events],
    environment: {
      command: command(record.seed, record.plan),
      ...(console && { console }),
      ...(places && { places }),
    },
  }
}

function meaningOf(plan: string, faults: ScenarioFacts['faults']): ViolationReport['means'] {
  const decoded = decodePlan(plan, faults)
  const injections = decoded.kind === 'plan' ? decoded.plan : []
  const names = injections.flatMap((injection) => injection.faults.map(({ fault }) => fault))
  return [...new Set(names)].flatMap((name) => {
    const known = faults.find((fault) => fault.name === name)
    return known ? [{ fault: name, summary: known.summary }] : []
  })
}

function alsoShownBy({ kinds }: Finding, command: SearchOptions['command']): ViolationReport['also'] {
  return [...kinds]
    .map(([kind, { trial, spec }]) => {
      const plan = encodePlan(spec.plan)
      return { by: trial, kind, plan, environment: { command: command(spec.seed, plan) } }
    })
    .sort((left, right) => left.by - right.by)
}

export function trialReport({ plan, seed, end, claim, goal, spend, evidence }: TrialRecord): TrialReport {
  return { plan, seed, end: end.kind, claim, goal, digest: evidence?.digest ?? '', spend }
}
