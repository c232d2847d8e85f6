/**
 * Runs scenario files in worker processes, several files at once, and one report for all. It knows
 * phases (explore, then measure) and files, but neither how a command line looks nor how a report is drawn.
 */
import { createRequire } from 'node:module'
import { relative } from 'node:path'
import type { SearchPhase, SearchProgress } from '../explore/options.js'
import { type SearchResult, search } from '../explore/search.js'
import type { FailureReport, Report, ScenarioReport } from '../report.js'
import { Processes } from '../run/processes.js'
import { WorkerPool } from '../run/worker-pool.js'
import { replayCommand } from './command.js'
import { failureOf } from './failure.js'
import { inLanes } from './lanes.js'
import { withoutSecrets } from './redact.js'
import { type MeasureProgress, withReliability } from './reliability.js'
import { exitCodeOf, runVerdict } from './verdict.js'

const { version } = createRequire(import.meta.url)('agent-chaos/package.json') as { readonly version: string }

export interface RunOptions {
  /** Absolute paths of scenario files. */
  readonly files: readonly string[]
  readonly cwd: string
  readonly seed: number
  /** Worker processes at once, over all files. */
  readonly workers: number
  /** Bound on the search of one scenario. */
  readonly trialsMax: number
  /** Plans drawn at random that follow, for each scenario. */
  readonly randomPlans: number
  /** Whether scenarios that ask for a reliability are measured. */
  readonly measure: boolean
  /** Bound on the measured trials of one scenario; a gate that needs more is refused. */
  readonly measureTrialsMax: number
  /** Real milliseconds that one trial may take before the watchdog ends it. */
  readonly trialTimeoutMs: number
  readonly memoryMbMax: number
  /** Only scenarios whose name contains it. */
  readonly grep: string | undefined
  /** Begin no further scenario after one that did not pass. */
  readonly bail: boolean
  /** Aborted: begin nothing more; what was found is reported. */
  readonly signal: AbortSignal
  onProgress(progress: Progress): void
}

export type Progress =
  | { readonly kind: 'scenario-started'; readonly file: string; readonly name: string }
  | {
      readonly kind: 'trials'
      readonly name: string
      readonly done: number
      readonly planned: number
      readonly violations: number
      readonly phase: SearchPhase | 'measure'
    }
  | { readonly kind: 'scenario-finished'; readonly name: string; readonly report: ScenarioReport }
  | { readonly kind: 'file-failed'; readonly file: string; readonly message: string }

type FileResult =
  | { readonly kind: 'scenario'; readonly report: ScenarioReport }
  | { readonly kind: 'failed'; readonly failure: FailureReport }
  | { readonly kind: 'skipped' }

/** Runs every file and reports, in the order of the files. A file that cannot be run costs itself and no other. */
export async function runCampaign(options: RunOptions): Promise<Report> {
  const startedAt = new Date()
  const results: FileResult[] = options.files.map(() => ({ kind: 'skipped' }))
  let stopped = false
  const pool = new WorkerPool({ ...options, output: 'discard' })
  const goesOn = () => !stopped && !options.signal.aborted
  try {
    await inLanes(options.files, options.workers, goesOn, async (file, workers, index) => {
      const result = await runFile(file, workers, pool, options)
      results[index] = result
      const passed = result.kind === 'skipped' || (result.kind === 'scenario' && result.report.verdict === 'passed')
      if (options.bail && !passed) stopped = true
    })
  } finally {
    pool.close()
  }
  return assemble(results, options, startedAt)
}

async function runFile(
  file: string,
  workers: () => number,
  pool: WorkerPool,
  options: RunOptions,
): Promise<FileResult> {
  const startedAt = Date.now()
  const shown = relative(options.cwd, file) || file
  try {
    const executor = await Processes.open({ source: { file }, workers, pool })
    try {
      const { name } = executor.facts
      if (options.grep !== undefined && !name.includes(options.grep)) return { kind: 'skipped' }
      options.onProgress({ kind: 'scenario-started', file: shown, name })
      const result = await bothPhases(executor, shown, options)
      const found = await withoutSecrets(result)
      const report = { ...found, environment: { file: shown }, timing: { wallMs: Date.now() - startedAt } }
      options.onProgress({ kind: 'scenario-finished', name, report })
      return { kind: 'scenario', report }
    } finally {
      executor.close()
    }
  } catch (error) {
    const failure = await withoutSecrets(failureOf(error, shown, options.cwd))
    options.onProgress({ kind: 'file-failed', file: shown, message: failure.message })
    return { kind: 'failed', failure }
  }
}

async function bothPhases(executor: Processes, file: string, options: RunOptions): Promise<SearchResult> {
  const { seed, signal, trialsMax, randomPlans, measureTrialsMax } = options
  const { name } = executor.facts
  const shared = {
    seed,
    signal,
    command: (seed: number, plan: string) => replayCommand(file, seed, plan),
    onProgress: (progress: SearchProgress | MeasureProgress) =>
      options.onProgress({ kind: 'trials', name, ...progress }),
  }
  const found = await search(executor, { ...shared, trialsMax, randomPlans })
  return options.measure ? withReliability(executor, found, { ...shared, trialsMax: measureTrialsMax }) : found
}

function assemble(results: readonly FileResult[], { seed, signal }: RunOptions, startedAt: Date): Report {
  const distinct = results.map((result, index) => refuseTakenName(result, results.slice(0, index)))
  const scenarios = distinct.flatMap((result) => (result.kind === 'scenario' ? [result.report] : []))
  const failures = distinct.flatMap((result) => (result.kind === 'failed' ? [result.failure] : []))
  const verdict = runVerdict(scenarios, failures, signal.aborted)
  return {
    format: 'agent-chaos/report',
    version: 1,
    seed,
    verdict,
    exitCode: exitCodeOf(verdict),
    interrupted: signal.aborted,
    scenarios,
    failures,
    totals: {
      scenarios: scenarios.length,
      passed: scenarios.filter((scenario) => scenario.verdict === 'passed').length,
      trials: scenarios.reduce((sum, scenario) => sum + trialsOf(scenario), 0),
      violations: scenarios.reduce((sum, { canary, violations }) => sum + (canary === null ? violations.length : 0), 0),
    },
    environment: { node: process.version, platform: `${process.platform}-${process.arch}`, version },
    timing: { startedAt: startedAt.toISOString(), wallMs: Date.now() - startedAt.getTime() },
  }
}

function trialsOf({ search: { run, shrinking }, measure }: ScenarioReport): number {
  return run + shrinking + (measure?.trials ?? 0)
}

/** Results are told apart by name; of two files with one name the later one, in the order of the files, is refused. */
function refuseTakenName(result: FileResult, earlier: readonly FileResult[]): FileResult {
  if (result.kind !== 'scenario') return result
  const { name, environment } = result.report
  const owner = earlier.find((other) => other.kind === 'scenario' && other.report.name === name)
  if (owner?.kind !== 'scenario') return result
  const message = `the scenario's name "${name}" is taken by ${owner.report.environment.file}`
  return {
    kind: 'failed',
    failure: { kind: 'usage', message, environment: { ...environment, where: environment.file } },
  }
}
