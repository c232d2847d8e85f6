/**
 * The library: one trial, or a whole search, inside another project's own tests. Heavy parts are loaded when they are
 * first needed, for a scenario file imports this module too.
 */
import type { Arbitrary } from 'fast-check'
import type { Plan } from '../faults/plan/plan.js'
import type { GateKind } from './contracts/budget.js'
import { didYouMean, UserError } from './contracts/errors.js'
import type { Report, ScenarioReport } from './contracts/report/report.js'
import type { Scenario } from './contracts/scenario.js'
import { digestOf, type Trace } from './contracts/trace.js'
import type { Judgement, Verdict } from './contracts/verdict.js'

/** Any scenario, whatever its state and tools. */
// biome-ignore lint/suspicious/noExplicitAny: a scenario is contravariant in its state and tools; nothing else fits all
export type AnyScenario = Scenario<any, any>

export interface Trial {
  readonly trace: Trace
  /** The outside world's memory when the trial was over. */
  readonly state: unknown
  /** What each invariant says. */
  readonly judgements: readonly Judgement[]
  /** SHA-256 of the trace: equal digests are equal trials. */
  readonly digest: string
}

/** Loaded by the first trial, and kept: even a module that is there already costs several turns to import again. */
let trials: typeof import('./trial/trial.js') | undefined
let notation: typeof import('../faults/plan/notation.js') | undefined
let reading: typeof import('./contracts/read-plan.js') | undefined

export interface TrialSettings {
  /** As data, or in its text form; no faults by default. */
  readonly plan?: Plan | string
  /** 1 by default. */
  readonly seed?: number
}

/**
 * Runs one trial in this process, in virtual time. Rejects with a `UserError` for a plan that does not parse, a scenario
 * that cannot be set up, or a process whose event loop never drains.
 */
export async function runTrial(scenario: AnyScenario, { plan = [], seed = 1 }: TrialSettings = {}): Promise<Trial> {
  trials ??= await import('./trial/trial.js')
  const result = await trials.runOne(scenario, { plan: await asPlan(scenario, plan), seed })
  let digest: string | undefined
  return {
    ...result,
    get digest() {
      digest ??= digestOf(result.trace)
      return digest
    },
  }
}

/** Runs the trial that a report printed: its seed and its plan's text. */
export function replay(
  scenario: AnyScenario,
  { seed, plan }: { readonly seed: number; readonly plan: string },
): Promise<Trial> {
  return runTrial(scenario, { seed, plan })
}

async function asPlan(scenario: AnyScenario, plan: Plan | string): Promise<Plan> {
  notation ??= await import('../faults/plan/notation.js')
  reading ??= await import('./contracts/read-plan.js')
  // A plan as data goes through its text too: what could not be replayed from a report is refused here and now.
  return reading.readPlan(typeof plan === 'string' ? plan : notation.encodePlan(plan), scenario.faults)
}

/** What an invariant says of a trial; a `UserError` for an invariant that the scenario does not have. */
export function verdictOf({ judgements }: Trial, invariant: string): Verdict {
  const found = judgements.find((judgement) => judgement.invariant === invariant)
  if (found) return found.verdict
  const names = judgements.map((judgement) => judgement.invariant)
  throw new UserError(
    `no invariant "${invariant}" is on in this scenario (${names.join(', ')}).${didYouMean(invariant, names)}`,
  )
}

/**
 * A fast-check arbitrary of plans for the sites that the scenario's baseline reaches. It shrinks to fewer faults, then to
 * milder ones, and prints as text that `replay` takes. Rejects where the baseline does not work.
 */
export async function faultPlans(
  scenario: AnyScenario,
  { seed = 1, injectionsMax }: { readonly seed?: number; readonly injectionsMax?: number } = {},
): Promise<Arbitrary<Plan>> {
  const [{ default: fc }, { planArbitrary }, { encodePlan }, { reachableIn }, { runBaseline }, { inProcess }] =
    await Promise.all([
      import('fast-check'),
      import('../faults/plan/arbitrary.js'),
      import('../faults/plan/notation.js'),
      import('./search/sweep.js'),
      import('./search/baseline.js'),
      import('./executors/in-process/executor.js'),
    ])
  const baseline = await runBaseline(inProcess(scenario), seed)
  if (baseline.kind !== 'sound') throw new UserError(`scenario "${scenario.name}": ${baseline.because}`)
  const trace = baseline.record.evidence?.trace
  const options = injectionsMax === undefined ? {} : { injectionsMax }
  const plans = planArbitrary(trace ? reachableIn(trace) : [], scenario.faults, options)
  return plans.map((plan) => {
    if (!Object.hasOwn(plan, fc.toStringMethod)) {
      Object.defineProperty(plan, fc.toStringMethod, { value: () => JSON.stringify(encodePlan(plan)) })
    }
    return plan
  })
}

export interface ResilienceSettings {
  /** Trials of the search: systematic ones first, then plans drawn at random; 500 by default. */
  readonly numRuns?: number
  /** 1 by default. */
  readonly seed?: number
}

/** A scenario was found wanting; `report` holds what was found. */
export class ResilienceError extends Error {
  override readonly name = 'ResilienceError'
  readonly report: Omit<ScenarioReport, 'environment' | 'timing'>
  constructor(message: string, report: Omit<ScenarioReport, 'environment' | 'timing'>) {
    super(message)
    this.report = report
  }
}

/**
 * Searches for a violation in this process. Resolves when none was found and everything that the scenario lists was put
 * to the test; rejects with a `ResilienceError` that tells the story, the minimal plan, and how to replay it.
 */
export async function assertResilient(
  scenario: AnyScenario,
  { numRuns = 500, seed = 1 }: ResilienceSettings = {},
): Promise<void> {
  const [{ search }, { inProcess }] = await Promise.all([
    import('./search/search.js'),
    import('./executors/in-process/executor.js'),
  ])
  const report = await search(inProcess(scenario), {
    seed,
    trialsMax: numRuns,
    randomPlans: 'fill',
    command: (seed, plan) => `await replay(scenario, { seed: ${seed}, plan: ${JSON.stringify(plan)} })`,
  })
  if (report.verdict === 'passed') return
  const told = report.violations.map(
    ({ invariant, story, trial, environment }) =>
      `\n\n  ${invariant}: ${story}\n  minimal plan: ${trial.plan}\n  replay: ${environment.command}`,
  )
  throw new ResilienceError(`scenario "${scenario.name}": ${report.because}${told.join('')}`, report)
}

/**
 * Runs scenario files in worker processes, as the command line does, and resolves to the report. It reads no configuration
 * file: what the caller leaves out is as `agent-chaos run --no-config` would have it.
 */
export async function runCampaign(options: {
  readonly files: readonly string[]
  readonly seed?: number
  readonly workers?: number
  /** Of the search of one scenario. */
  readonly trialsMax?: number
  /** Plans drawn at random that follow the systematic ones; none by default. */
  readonly randomPlans?: number
  /** Whether reliability is measured too, where a scenario declares it; true by default. */
  readonly measure?: boolean
  readonly measureTrialsMax?: number
  /** Only this part of the trials; `agent-chaos merge` puts the reports of all parts together. */
  readonly shard?: { readonly index: number; readonly count: number }
  /** How reliability is judged, in place of what the scenarios say. */
  readonly gate?: GateKind
  /** Further fault rates at which reliability is measured; none by default. */
  readonly sweep?: readonly number[]
  /** Trials at each of them; 200 by default. */
  readonly sweepTrials?: number
  readonly signal?: AbortSignal
}): Promise<Report> {
  const [campaign, { runDefaults }, { availableParallelism }] = await Promise.all([
    import('./campaign/index.js'),
    import('./campaign/defaults.js'),
    import('node:os'),
  ])
  return campaign.runCampaign({
    ...runDefaults,
    workers: availableParallelism(),
    cwd: process.cwd(),
    signal: new AbortController().signal,
    onProgress: () => {},
    ...options,
  })
}
