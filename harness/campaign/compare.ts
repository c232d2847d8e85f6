/**
 * Two reports compared: did the later run get worse? What is new, what is fixed, and which differences in
 * reliability chance does not explain, over all scenarios at once.
 */

import { UserError } from '../contracts/errors.js'
import type {
  ComparedRun,
  Comparison,
  Regression,
  ReliabilityComparison,
  ScenarioComparison,
} from '../contracts/report/comparison.js'
import type { MeasureReport, Report, ScenarioReport } from '../contracts/report/report.js'
import { compareReliability, compareSpend, verdictOn } from '../measure/compared.js'
import { holm } from '../measure/holm.js'
import { confidence } from '../measure/statistics.js'
import { compareViolations } from './compare-violations.js'
import type { ReportFile } from './read-report.js'

/** Throws a `UserError` for a report that is not that of a whole run. */
export function compareReports(base: ReportFile, head: ReportFile): Comparison {
  refusePart(base)
  refusePart(head)
  refuseStrangers(base, head)
  const pairs = pairsOf(base.report, head.report)
  const reliabilities = correctAll(
    pairs.map(({ base, head }) => compareReliability(base?.measure ?? null, head?.measure ?? null)),
  )
  const scenarios = pairs.map((pair, index) => compareScenario(pair, reliabilities[index] ?? null))
  return {
    format: 'agent-chaos/comparison',
    version: 1,
    ...verdictOf(scenarios, head.report),
    base: runOf(base),
    head: runOf(head),
    notes: notesOf(base.report, head.report),
    scenarios,
  }
}

/** What a run did not come to would look as if it were fixed. */
function refusePart({ file, report: { shard, interrupted } }: ReportFile): void {
  if (shard) throw new UserError(`this is shard ${shard.index} of ${shard.count}: merge the shards first`, file)
  if (interrupted) throw new UserError('the run was interrupted, and what it did not come to cannot be compared', file)
}

function refuseStrangers(base: ReportFile, head: ReportFile): void {
  const [before, after] = [base, head].map(({ report }) => report.scenarios.map(({ name }) => name))
  if (!before?.length || !after?.length || before.some((name) => after.includes(name))) return
  const describeRun = (file: string, [first, ...rest]: readonly string[]) =>
    `${file} has "${first}"${rest.length > 0 ? ` and ${rest.length} more` : ''}`
  throw new UserError(
    `they have no scenario in common: ${describeRun(base.file, before)}, and ${describeRun(head.file, after)}`,
  )
}

interface ScenarioPair {
  readonly base: ScenarioReport | undefined
  readonly head: ScenarioReport | undefined
}

/** In the order of head, then those that base alone has. */
function pairsOf(base: Report, head: Report): ScenarioPair[] {
  const scenarioNamed = (report: Report, name: string) => report.scenarios.find((scenario) => scenario.name === name)
  return [
    ...head.scenarios.map((scenario) => ({ head: scenario, base: scenarioNamed(base, scenario.name) })),
    ...base.scenarios.filter(({ name }) => !scenarioNamed(head, name)).map((base) => ({ base, head: undefined })),
  ]
}

/** Of twenty comparisons at 5 % one would come out by chance; by Holm's procedure the chance is 5 % for all together. */
function correctAll(comparisons: readonly (ReliabilityComparison | null)[]): (ReliabilityComparison | null)[] {
  const tested = comparisons.filter((comparison) => comparison !== null && comparison.kind !== 'not-compared')
  const alpha = 1 - confidence
  const held = holm(
    tested.map(({ pValue }) => pValue),
    alpha,
  )
  return comparisons.map((comparison) => {
    if (comparison === null || comparison.kind === 'not-compared') return comparison
    const { rejected = false, level = alpha } = held[tested.indexOf(comparison)] ?? {}
    const verdict = verdictOn(comparison.difference, rejected)
    return { ...comparison, verdict, level: Number(level.toPrecision(12)) }
  })
}

function compareScenario({ base, head }: ScenarioPair, reliability: ReliabilityComparison | null): ScenarioComparison {
  const violations = compareViolations(base, head)
  const both = base?.measure && head?.measure ? compareSpend(base.measure, head.measure) : []
  return {
    name: (head ?? base)?.name ?? '',
    kind: base === undefined ? 'added' : head === undefined ? 'removed' : 'both',
    canary: (head ?? base)?.canary ?? null,
    verdict: { base: base?.verdict ?? null, head: head?.verdict ?? null },
    violations,
    reliability,
    spend: both,
    regressions: head === undefined ? [] : regressionsIn({ base, head }, violations, reliability),
    notes: scenarioNotes(base, head),
  }
}

function regressionsIn(
  { base, head }: { readonly base: ScenarioReport | undefined; readonly head: ScenarioReport },
  violations: ScenarioComparison['violations'],
  reliability: ReliabilityComparison | null,
): Regression[] {
  const found = violations.new.filter(({ status }) => status !== 'flaky').map(({ invariant }) => invariant)
  const isWorse = reliability !== null && reliability.kind !== 'not-compared' && reliability.verdict === 'worse'
  const breaks = head.verdict === 'broken' && base?.verdict !== 'broken'
  const missed = head.canary !== null && head.verdict === 'violated' && base?.verdict !== 'violated'
  const names = [...new Set(found)].join(', ')
  return [
    ...(breaks ? [{ kind: 'broken', because: head.because } as const] : []),
    ...(missed ? [{ kind: 'canary-missed', because: head.because } as const] : []),
    ...(found.length > 0 ? [{ kind: 'violated', because: `newly violated: ${names}` } as const] : []),
    ...(isWorse ? [{ kind: 'less-reliable', because: 'it is less reliable' } as const] : []),
  ]
}

function scenarioNotes(base: ScenarioReport | undefined, head: ScenarioReport | undefined): string[] {
  if (base === undefined || head === undefined) return []
  const [before, after] = [base.measure, head.measure]
  const targetOf = (measure: ScenarioReport['measure']) => measure?.reliability.target
  const targets = before && after && targetOf(before) !== targetOf(after)
  const gates = before && after && before.gate.verdict !== after.gate.verdict
  const verdictText = ({ gate }: MeasureReport) => gate.verdict.replace('-', ' ')
  const sequential = [before, after].some((measure) => measure?.gate.kind === 'sequential')
  return [
    ...(base.canary !== head.canary
      ? [`a canary for ${base.canary ?? 'nothing'} in BASE, for ${head.canary ?? 'nothing'} in HEAD`]
      : []),
    ...(targets ? [`${targetOf(before)} was asked for in BASE, and ${targetOf(after)} is in HEAD`] : []),
    ...(gates ? [`the gate's verdict was ${verdictText(before)} in BASE and is ${verdictText(after)} in HEAD`] : []),
    ...(before && after && sequential
      ? [
          'a sequential gate ends as soon as it knows, and leaves little to compare: --gate fixed in both runs shows more',
        ]
      : []),
    ...(isUnsound(base) ? ['BASE could not be searched, so that all that HEAD breaks looks new'] : []),
    ...(isUnsound(head) ? ['HEAD could not be searched, so that nothing is known to be fixed'] : []),
  ]
}

function isUnsound({ verdict }: ScenarioReport): boolean {
  return verdict === 'broken' || verdict === 'misconfigured'
}

function verdictOf(
  scenarios: readonly ScenarioComparison[],
  head: Report,
): Pick<Comparison, 'verdict' | 'exitCode' | 'because'> {
  const worse = scenarios.flatMap(({ name, regressions }) => regressions.map(({ because }) => `${name}: ${because}`))
  if (worse.length > 0) return { verdict: 'regression', exitCode: 1, because: worse }
  const unreported = [
    ...head.failures.map(({ message, environment: { file } }) => `${file} could not be run: ${message}`),
    ...scenarios
      .filter(({ verdict }) => verdict.head === 'misconfigured' && verdict.base !== 'misconfigured')
      .map(({ name }) => `${name}: it does not work without faults, and says nothing about them`),
  ]
  if (unreported.length > 0) return { verdict: 'incomplete', exitCode: 2, because: unreported }
  return { verdict: 'no-regression', exitCode: 0, because: [] }
}

function runOf({ file, report: { seed, verdict, environment } }: ReportFile): ComparedRun {
  return { seed, verdict, environment: { file, version: environment.version, node: environment.node } }
}

function notesOf(base: Report, head: Report): string[] {
  const names = new Set([...Object.keys(base.options ?? {}), ...Object.keys(head.options ?? {})])
  const options = [...names].flatMap((name) => {
    const [before, after] = [base, head].map(({ options }) => JSON.stringify(options?.[name]) ?? 'unknown')
    return before === after ? [] : [`the option ${name} was ${before} in BASE and is ${after} in HEAD`]
  })
  const [was, is] = [base.environment.version, head.environment.version]
  return [
    ...(base.seed === head.seed
      ? []
      : [`the seeds differ, ${base.seed} and ${head.seed}: no trial has its counterpart`]),
    ...(was === is ? [] : [`BASE is of agent-chaos ${was}, HEAD of ${is}`]),
    ...options,
    ...base.failures.map(({ environment: { file } }) => `${file} could not be run in BASE`),
  ]
}
