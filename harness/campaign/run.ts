/**
 * Runs scenario files in worker processes, several files at once, and one report for all. It knows
 * phases (explore, then measure) and files, but neither how a command line looks nor how a report is drawn.
 */
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { UserError } from '../contracts/errors.js'
import type {
  Executor,
  ExecutorSettings,
  Executors,
  OpenExecutors,
  ScenarioFacts,
  ScenarioSource,
} from '../contracts/executor.js'
import { type ReportedOptions, reportedOf, type SettledOn } from '../contracts/options/derived.js'
import type { Report, ScenarioReport } from '../contracts/report/report.js'
import { isOwn } from '../contracts/shard.js'
import { shownPath } from '../contracts/shown-path.js'
import { startWatch } from '../contracts/stopwatch.js'
import { sourceOf } from '../define/source.js'
import { isMeasurable } from '../measure/measurable.js'
import type { SearchPhase, SearchProgress } from '../search/options.js'
import { search } from '../search/search.js'
import type { SearchResult } from '../search/searched.js'
import { isScenarioWanted, unknownFaults, wantedBy } from '../search/wanted.js'
import { assemble, type FileResult } from './assemble.js'
import { replayCommand } from './command.js'
import { runConcurrently } from './concurrently.js'
import { failureOf } from './failure.js'
import { fromHere } from './from-here.js'
import { GateCounter } from './gate-counter.js'
import type { Journal } from './journal/journal.js'
import { keepIn } from './journal/keep.js'
import { withDisagreements, withJudged } from './judged-twice.js'
import { isAmong, isSelective, type KnownViolations, readKnown, withGone } from './known.js'
import { Redactor } from './redact.js'
import type { MeasureProgress } from './reliability.js'
import { FailureMemory, type RememberedFailure } from './remembered.js'
import { isWanted } from './wanted.js'

/** Of this package. */
export const { version } = createRequire(import.meta.url)('agent-chaos/package.json') as { readonly version: string }

/** What the library takes, settled, and what only the command line has to say. */
export interface CampaignOptions extends Omit<SettledOn<'runCampaign'>, 'openExecutors' | 'signal'> {
  /** Absolute paths of scenario files. */
  readonly files: readonly string[]
  readonly cwd: string
  /** The configuration file whose providers and endpoints hold, absolute. */
  readonly config?: string | undefined
  /** Whatever is found is taken for known. */
  readonly updateKnown?: boolean
  /** Failures of earlier runs, of all scenarios: tried first. */
  readonly remembered?: readonly RememberedFailure[]
  /** Trials that an earlier run has done are taken from it, and all others are written there. */
  readonly journal?: Journal | undefined
  /** Aborted: begin nothing more; what was found is reported. */
  readonly signal: AbortSignal
  onProgress(progress: RunProgress): void
}

export type RunProgress =
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

/** As they hold for each file. */
interface FileOptions extends CampaignOptions {
  readonly knownViolations?: KnownViolations
}

type PhaseOptions = Omit<
  FileOptions,
  | 'files'
  | 'cwd'
  | 'workers'
  | 'trialTimeout'
  | 'memoryMax'
  | 'networkNamespace'
  | 'grep'
  | 'tag'
  | 'bail'
  | 'known'
  | 'journal'
> & {
  /** How many gates the run has. */
  readonly gates: () => Promise<number>
  /** Hears what a trial of the search took, in wall milliseconds: with all that goes with it, and as many at once as there were. */
  readonly onSearched?: (trialMs: number) => void
}

/** Runs every file and reports, in the order of the files. A file that cannot be run costs itself and no other. */
export async function runCampaign(openExecutors: OpenExecutors, options: CampaignOptions): Promise<Report> {
  if (options.shard !== undefined && options.depth !== '1') {
    throw new UserError(
      `depth: expected 1 where a run is divided into shards, got ${options.depth}; pairs are planned from trials that another shard runs`,
    )
  }
  const [startedAt, elapsedMs] = [new Date(), startWatch()]
  const results: FileResult[] = options.files.map(() => ({ kind: 'skipped' }))
  let stopped = false
  const redactor = new Redactor()
  const { cwd, trialTimeout, memoryMax, config, strict, networkNamespace, known, updateKnown = false } = options
  const knownViolations = known === undefined ? [] : readKnown(resolve(cwd, known), known, updateKnown)
  const executors = openFor(
    openExecutors,
    { root: cwd, trialTimeout, memoryMax, config, strict, networkNamespace },
    redactor,
    options.journal,
  )
  const gateCounter = new GateCounter({ ...options, load: (file) => factsIn(sourceOf(cwd, file), executors) })
  const goesOn = () => !stopped && !options.signal.aborted
  try {
    await runConcurrently(options.files, options.workers, goesOn, async (file, workers, index) => {
      const result = await runFile(file, index + 1, workers, executors, redactor, gateCounter, {
        ...options,
        knownViolations,
      })
      results[index] = result
      if (options.bail && !isWell(result)) stopped = true
    })
  } finally {
    executors.close()
  }
  return assemble(results, {
    seed: options.seed,
    options: reportedOptions(options),
    shard: options.shard,
    interrupted: options.signal.aborted,
    environment: { node: process.version, platform: `${process.platform}-${process.arch}`, version },
    timing: { startedAt: startedAt.toISOString(), wallMs: Math.round(elapsedMs()) },
  })
}

function openFor(
  openExecutors: OpenExecutors,
  settings: Omit<ExecutorSettings, 'output' | 'onSecrets'>,
  redactor: Redactor,
  journal: Journal | undefined,
): Executors {
  if (!journal) return openExecutors({ ...settings, output: 'discard', onSecrets: redactor.learn })
  redactor.learn(journal.secrets)
  const onSecrets = (secrets: readonly string[]) => {
    redactor.learn(secrets)
    journal.learn(secrets)
  }
  return keepIn(journal, openExecutors({ ...settings, output: 'discard', onSecrets }))
}

/** A run in shards is one with a fixed number of trials. */
function reportedOptions(options: CampaignOptions): ReportedOptions {
  return reportedOf(options.shard === undefined ? options : { ...options, gate: 'fixed' })
}

function isWell(result: FileResult): boolean {
  return result.kind !== 'failed' && (result.kind !== 'scenario' || result.report.verdict === 'passed')
}

/** `number` is the file's, from 1. */
async function runFile(
  file: string,
  number: number,
  workers: () => number,
  executors: Executors,
  redactor: Redactor,
  gateCounter: GateCounter,
  options: FileOptions,
): Promise<FileResult> {
  const elapsedMs = startWatch()
  const shown = shownPath(file, options.cwd)
  try {
    const executor = await executors.open(sourceOf(options.cwd, file), workers)
    try {
      const { name, canary } = executor.facts
      gateCounter.note(file, executor.facts)
      if (!isWanted(executor.facts, options) || !isScenarioWanted(name, options)) return { kind: 'skipped' }
      // It is there to be caught once, so its search is not divided.
      if (canary !== null && !isOwn(number, options.shard)) return { kind: 'elsewhere', name, file: shown }
      options.onProgress({ kind: 'scenario-started', file: shown, name })
      let trialMs: number | undefined
      const onSearched = (ms: number) => {
        trialMs = ms
      }
      const found = fromHere(
        await bothPhases(executor, shown, { ...options, gates: () => gateCounter.count(), onSearched }),
        options.cwd,
      )
      const isWhole = options.shard === undefined && !options.signal.aborted && !isSelective(options)
      const reported = options.updateKnown ? found : withGone(found, options.knownViolations ?? [], isWhole)
      const judgedTwice = executor.judgedTwice?.()
      const changes = (await executor.changes?.()) ?? []
      const environment = { file: shown, ...lineIn(file, executor.facts), ...(judgedTwice && { judgedTwice }) }
      const result = await redactor.clear({
        ...withDisagreements(withJudged(withChanges(reported, changes), judgedTwice), executor.disagreements?.() ?? []),
        environment,
      })
      const report = {
        ...result,
        timing: { wallMs: Math.round(elapsedMs()), ...(trialMs !== undefined && { trialMs }) },
      }
      options.onProgress({ kind: 'scenario-finished', name, report })
      return { kind: 'scenario', report }
    } finally {
      executor.close()
    }
  } catch (error) {
    const failure = await redactor.clear(failureOf(error, shown, options.cwd))
    options.onProgress({ kind: 'file-failed', file: shown, message: failure.message })
    return { kind: 'failed', failure }
  }
}

/** A scenario that changes its process would change the verdict on the next one; that it is replaced is worth a note. */
function withChanges(found: SearchResult, changes: readonly string[]): SearchResult {
  if (changes.length === 0) return found
  const note = `its process was not handed on to another scenario, for its trials changed it: ${changes.join(', ')}`
  return { ...found, notes: [...found.notes, note] }
}

/** Loads a scenario for no more than to see what it is. */
async function factsIn(source: ScenarioSource, executors: Executors): Promise<ScenarioFacts> {
  const executor = await executors.open(source, () => 1)
  executor.close()
  return executor.facts
}

/** Where in the scenario's own file it is declared. */
function lineIn(file: string, { declaredAt }: ScenarioFacts): { readonly line?: number } {
  const line = declaredAt?.startsWith(`${file}:`) ? Number(declaredAt.slice(file.length + 1)) : Number.NaN
  return Number.isNaN(line) ? {} : { line }
}

/** What the search and the measuring of one scenario find; a canary is searched whole, whatever the shard. */
export async function bothPhases(executor: Executor, file: string, options: PhaseOptions): Promise<SearchResult> {
  const shared = sharedBy(executor.facts, file, options)
  const found = await searchFor(executor, shared, options)
  if (!options.measure || !isMeasurable(executor.facts)) return found
  const { measureTrials, gate, gates, sweep, sweepTrials } = options
  const { withReliability } = await import('./reliability.js')
  return withReliability(executor, found, {
    ...shared,
    trialsMax: measureTrials,
    gate,
    gates,
    sweep: { rates: sweep, trials: sweepTrials },
  })
}

/** What holds for both. */
function sharedBy({ name, canary }: ScenarioFacts, file: string, options: PhaseOptions) {
  const { seed, signal, shard, knownViolations = [], updateKnown, onProgress } = options
  return {
    seed,
    signal,
    shard: canary === null ? shard : undefined,
    command: (seed: number, plan: string) => replayCommand(file, seed, plan),
    isKnown: updateKnown ? () => true : isAmong(knownViolations, name),
    onProgress: (progress: SearchProgress | MeasureProgress) => onProgress({ kind: 'trials', name, ...progress }),
  }
}

/** What the search finds, with what it was told to remember. */
async function searchFor(
  executor: Executor,
  shared: ReturnType<typeof sharedBy>,
  options: PhaseOptions,
): Promise<SearchResult> {
  const { name, canary, faults } = executor.facts
  const { trialsMax, random, depth, maxTime, minCoverage } = options
  const memory = new FailureMemory(canary === null ? (options.remembered ?? []) : [], name, faults)
  const elapsedMs = startWatch()
  const found = await search(memory.watching(executor), {
    ...shared,
    remembered: memory.trials,
    trialsMax,
    randomPlans: random,
    depth,
    maxTime,
    isWanted: wantedBy(options, faults),
    minCoverage,
  })
  const trials = 1 + found.search.run + found.search.shrinking
  options.onSearched?.(Math.round((100 * elapsedMs()) / trials) / 100)
  const unknown = unknownFaults(options, faults).map(
    (fault) => `--only or --skip names ${fault}, which it does not face`,
  )
  // Without a sound trial without faults nothing was tried.
  const remembered = found.verdict === 'broken' || found.verdict === 'misconfigured' ? [] : memory.outcomes()
  const retired = shared.shard === undefined ? memory.notesOn(remembered) : []
  return { ...found, ...(remembered.length > 0 && { remembered }), notes: [...found.notes, ...unknown, ...retired] }
}
