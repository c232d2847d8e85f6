/**
 * Runs scenario files: each in worker processes of its own, several files at once, and one report for all. It knows
 * phases (explore now) and files, but neither how a command line looks nor how a report is drawn.
 */
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { eligible } from '../../faults/arbitrary.js'
import { decodePlan } from '../../faults/notation.js'
import type { Plan } from '../../faults/plan.js'
import { matchesTarget, type Site } from '../../faults/site.js'
import { didYouMean, UserError } from '../errors.js'
import { runBaseline } from '../explore/baseline.js'
import { type SearchPhase, search } from '../explore/search.js'
import { reachableIn } from '../explore/sweep.js'
import type { Report, ScenarioReport } from '../report.js'
import type { TrialRecord } from '../run/executor.js'
import { Processes } from '../run/processes.js'
import { siteName, type Trace } from '../trace.js'
import type { Judgement } from '../verdict.js'
import { replayCommand } from './command.js'
import { exitCodeOf, runVerdict } from './verdict.js'

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

/** What the command line and the library share where nothing else is said. */
export const runDefaults = {
  seed: 1,
  trialsMax: 2_000,
  trialTimeoutMs: 10_000,
  memoryMbMax: 1_024,
  grep: undefined,
  bail: false,
} as const

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
    scenarios,
    failures,
    totals: {
      scenarios: scenarios.length,
      passed: scenarios.filter((scenario) => scenario.verdict === 'passed').length,
      trials: scenarios.reduce((sum, { search: { run, shrinking } }) => sum + run + shrinking, 0),
      violations: scenarios.reduce((sum, { canary, violations }) => sum + (canary === null ? violations.length : 0), 0),
    },
    environment: { node: process.version, platform: `${process.platform}-${process.arch}`, version: version() },
    timing: { startedAt: startedAt.toISOString(), wallMs: Date.now() - startedAt.getTime() },
  }
}

/** This package's version. */
export function version(): string {
  const manifest = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { readonly version: string }).version
}

export interface InspectOptions {
  readonly cwd: string
  readonly seed: number
  readonly trialTimeoutMs: number
  readonly memoryMbMax?: number
}

export interface ScenarioListing {
  readonly name: string
  readonly task: string
  readonly canary: string | null
  readonly sites: readonly { readonly site: string; readonly occurrences: number; readonly faults: readonly string[] }[]
  readonly invariants: readonly {
    readonly name: string
    readonly kind: 'safety' | 'liveness'
    readonly on: 'default' | 'listed'
  }[]
  /** Why its baseline does not work, if it does not. */
  readonly broken: string | null
}

/** Loads a scenario and runs its baseline, to say what there is to test. Rejects with a `UserError`. */
export function inspect(file: string, options: InspectOptions): Promise<ScenarioListing> {
  return withExecutor(file, options, 'discard', async (executor) => {
    const baseline = await runBaseline(executor, options.seed)
    const { name, task, canary, invariants, faults } = executor.facts
    const trace = baseline.record.evidence?.trace
    const rows = new Map<string, { site: string; occurrences: number; faults: string[] }>()
    for (const point of trace ? reachableIn(trace) : []) {
      const site = siteName(point.address.site)
      const fitting = faults.filter((fault) => eligible(fault, point)).map((fault) => fault.name)
      const row = rows.get(site) ?? { site, occurrences: 0, faults: [] }
      rows.set(site, { site, occurrences: row.occurrences + 1, faults: [...new Set([...row.faults, ...fitting])] })
    }
    return {
      name,
      task,
      canary,
      sites: [...rows.values()],
      invariants: invariants.map(({ name, kind, listed }) => ({ name, kind, on: listed ? 'listed' : 'default' })),
      broken: baseline.kind === 'sound' ? null : baseline.because,
    }
  })
}

export interface Replay {
  readonly trace: Trace
  readonly digest: string
  readonly judgements: readonly Judgement[]
  readonly notes: readonly string[]
}

/**
 * Runs one trial in a fresh process. Rejects with a `UserError` where the plan does not parse, names what the scenario
 * does not have, or aims at a site that is not there.
 */
export function replayFile(file: string, options: InspectOptions & { readonly plan: string }): Promise<Replay> {
  return withExecutor(file, options, 'show', async (executor) => {
    const decoded = decodePlan(options.plan, executor.facts.faults)
    if (decoded.kind === 'refused') {
      const { message, line, column, got, candidates } = decoded.error
      throw new UserError(`${message}.${didYouMean(got, candidates)}`, `plan:${line}:${column}`)
    }
    const [record] = await executor.run([{ plan: decoded.plan, seed: options.seed, detail: 'full' }])
    if (!record?.evidence) throw new Error('the trial gave no trace')
    await refuseMissingSites(decoded.plan, record, () => runBaseline(executor, options.seed))
    const strays = record.strays.map((url) => `a request to ${url} was refused: no such service is declared`)
    return { ...record.evidence, judgements: record.judgements, notes: strays }
  })
}

/** A selector that matches nothing that the scenario ever crosses is a slip of the pen. */
async function refuseMissingSites(
  plan: Plan,
  record: TrialRecord,
  baseline: () => Promise<{ readonly record: TrialRecord }>,
): Promise<void> {
  if (record.injections.every(({ status }) => status !== 'planned')) return
  const sites = [...sitesIn(record), ...sitesIn((await baseline()).record)]
  const names = [...new Set(sites.map(siteName))]
  for (const selector of plan.flatMap((injection) => injection.sites)) {
    const fits = (site: Site) => site.boundary === selector.boundary && matchesTarget(selector.target, site.target)
    if (sites.length === 0 || sites.some(fits)) continue
    const name = siteName(selector)
    throw new UserError(
      `the plan aims at "${name}", which the scenario does not reach; it reaches ${names.join(', ')}.${didYouMean(name, names)}`,
    )
  }
}

function sitesIn({ evidence }: TrialRecord): Site[] {
  return (evidence?.trace.events ?? []).flatMap((event) => (event.kind === 'call' ? [event.site] : []))
}

async function withExecutor<T>(
  file: string,
  { trialTimeoutMs, memoryMbMax = 1024 }: InspectOptions,
  output: 'discard' | 'show',
  use: (executor: Processes) => Promise<T>,
): Promise<T> {
  const executor = await Processes.open({ file, trialTimeoutMs, memoryMbMax, output, workers: 1 })
  try {
    return await use(executor)
  } finally {
    executor.close()
  }
}
