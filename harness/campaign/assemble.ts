/**
 * From what became of each scenario file to one report, with its verdict and its sums. Apart from running them, for shards
 * that were run elsewhere are put together in the same way.
 */
import type { ReportedOptions } from '../contracts/options/derived.js'
import type { FailureReport, Report, ScenarioReport } from '../contracts/report/report.js'
import { trialsOf } from '../contracts/report/trials.js'
import type { Shard } from '../contracts/shard.js'
import { correctGates } from './correction.js'
import { exitCodeOf, runVerdict } from './verdict.js'

export type FileResult =
  | { readonly kind: 'scenario'; readonly report: ScenarioReport }
  | { readonly kind: 'failed'; readonly failure: FailureReport }
  /** A canary that another shard runs. */
  | { readonly kind: 'elsewhere'; readonly name: string; readonly file: string }
  | { readonly kind: 'skipped' }

export interface Frame {
  readonly seed: number
  readonly options: ReportedOptions | undefined
  readonly shard?: Shard | undefined
  readonly interrupted: boolean
  readonly environment: Report['environment']
  readonly timing: Report['timing']
}

/** The report on the results, in their order. */
export function assemble(results: readonly FileResult[], frame: Frame): Report {
  const { seed, options, shard, interrupted, environment, timing } = frame
  const distinct = results.map((result, index) => refuseTakenName(result, results.slice(0, index)))
  const reports = distinct.flatMap((result) => (result.kind === 'scenario' ? [result.report] : []))
  // The gates of a shard are judged at the merge.
  const scenarios = shard === undefined ? correctGates(reports) : reports
  const failures = distinct.flatMap((result) => (result.kind === 'failed' ? [result.failure] : []))
  const names = distinct.flatMap((result) => ownerOf(result)?.name ?? [])
  const verdict = runVerdict(scenarios, failures, interrupted, shard)
  return {
    format: 'agent-chaos/report',
    version: 1,
    seed,
    ...(options && { options }),
    ...(shard && { shard: { ...shard, scenarios: names } }),
    verdict,
    exitCode: exitCodeOf(verdict),
    interrupted,
    scenarios,
    failures,
    totals: {
      scenarios: scenarios.length,
      passed: scenarios.filter((scenario) => scenario.verdict === 'passed').length,
      trials: scenarios.reduce((sum, scenario) => sum + trialsOf(scenario), 0),
      violations: scenarios.reduce((sum, { canary, violations }) => sum + (canary === null ? violations.length : 0), 0),
    },
    environment,
    timing,
  }
}

/** Results are told apart by name; of two files with one name the later one, in the order of the files, is refused. */
function refuseTakenName(result: FileResult, earlier: readonly FileResult[]): FileResult {
  const own = ownerOf(result)
  const owner = earlier.map(ownerOf).find((other) => own !== undefined && other?.name === own.name)
  if (own === undefined || owner === undefined) return result
  const message = `the scenario's name "${own.name}" is taken by ${owner.file}`
  return { kind: 'failed', failure: { kind: 'usage', message, environment: { file: own.file, where: own.file } } }
}

/** The scenario that a result is of, wherever it is run. */
function ownerOf(result: FileResult): { readonly name: string; readonly file: string } | undefined {
  if (result.kind === 'elsewhere') return result
  return result.kind === 'scenario' ? { name: result.report.name, file: result.report.environment.file } : undefined
}
