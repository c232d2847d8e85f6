/**
 * Runs scenario files: each in worker processes of its own, several files at once, and one report for all. It knows
 * phases (explore now) and files, but neither how a command line looks nor how a report is drawn.
 */
import { createRequire } from 'node:module'
import { relative } from 'node:path'
import { UserError } from '../errors.js'
import { type SearchPhase, search } from '../explore/search.js'
import type { Report, ScenarioReport } from '../report.js'
import { Processes } from '../run/processes.js'
import { replayCommand } from './command.js'
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
      readonly phase: SearchPhase
    }
  | { readonly kind: 'scenario-finished'; readonly name: string; readonly report: ScenarioReport }
  | { readonly kind: 'file-failed'; readonly file: string; readonly message: string }

type FileResult =
  | { readonly kind: 'scenario'; readonly report: ScenarioReport }
  | { readonly kind: 'failed'; readonly message: string; readonly file: string }
  | { readonly kind: 'skipped' }

/** Runs every file and reports, in the order of the files. A file that cannot be run costs itself and no other. */
export async function runCampaign(options: RunOptions): Promise<Report> {
  const startedAt = new Date()
  const results: FileResult[] = options.files.map(() => ({ kind: 'skipped' }))
  const lanes = Math.max(1, Math.min(options.workers, options.files.length))
  const workersEach = Math.max(1, Math.floor(options.workers / lanes))
  const names = new Map<string, string>()
  let next = 0
  let stopped = false
  const lane = async (): Promise<void> => {
    while (next < options.files.length && !stopped && !options.signal.aborted) {
      const index = next++
      const result = await runFile(options.files[index] ?? '', workersEach, options, names)
      results[index] = result
      const passed = result.kind === 'skipped' || (result.kind === 'scenario' && result.report.verdict === 'passed')
      if (options.bail && !passed) stopped = true
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return assemble(results, options, startedAt)
}

async function runFile(
  file: string,
  workers: number,
  options: RunOptions,
  names: Map<string, string>,
): Promise<FileResult> {
  const startedAt = Date.now()
  const shown = relative(options.cwd, file) || file
  try {
    const executor = await Processes.open({ ...options, file, workers, output: 'discard' })
    try {
      const { name } = executor.facts
      if (options.grep !== undefined && !name.includes(options.grep)) return { kind: 'skipped' }
      const other = names.get(name)
      if (other !== undefined) throw new UserError(`the scenario's name "${name}" is taken by ${other}`, shown)
      names.set(name, shown)
      options.onProgress({ kind: 'scenario-started', file: shown, name })
      const result = await search(executor, {
        seed: options.seed,
        trialsMax: options.trialsMax,
        signal: options.signal,
        command: (seed, plan) => replayCommand(shown, seed, plan),
        onProgress: (progress) => options.onProgress({ kind: 'trials', name, ...progress }),
      })
      const report = { ...result, environment: { file: shown }, timing: { wallMs: Date.now() - startedAt } }
      options.onProgress({ kind: 'scenario-finished', name, report })
      return { kind: 'scenario', report }
    } finally {
      executor.close()
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const message = `${shortened(error.where, options.cwd) ?? shown}: ${error.message}`
    options.onProgress({ kind: 'file-failed', file: shown, message })
    return { kind: 'failed', message, file: shown }
  }
}

/** Paths below the working directory are told from there. */
function shortened(where: string | undefined, cwd: string): string | undefined {
  return where?.startsWith(`${cwd}/`) ? where.slice(cwd.length + 1) : where
}

function assemble(results: readonly FileResult[], { seed, signal }: RunOptions, startedAt: Date): Report {
  const scenarios = results.flatMap((result) => (result.kind === 'scenario' ? [result.report] : []))
  const failures = results.flatMap((result) =>
    result.kind === 'failed' ? [{ message: result.message, environment: { file: result.file } }] : [],
  )
  const verdict = runVerdict(scenarios, failures.length, signal.aborted)
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
      trials: scenarios.reduce((sum, { search: { run, shrinking } }) => sum + run + shrinking, 0),
      violations: scenarios.reduce((sum, { canary, violations }) => sum + (canary === null ? violations.length : 0), 0),
    },
    environment: { node: process.version, platform: `${process.platform}-${process.arch}`, version },
    timing: { startedAt: startedAt.toISOString(), wallMs: Date.now() - startedAt.getTime() },
  }
}
