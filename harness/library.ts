/**
 * The library: one trial, or a whole search, inside another project's own tests. Heavy parts are loaded when they are
 * first needed, for a scenario file imports this module too.
 */
import type { Arbitrary } from 'fast-check'
import type { Plan } from '../faults/plan/plan.js'
import type { ConsoleOutput } from './contracts/console.js'
import { bears, errorBrand } from './contracts/error-brand.js'
import { didYouMean, UserError } from './contracts/errors.js'
import { facesModel, modelNeverCalled, type PlannedFault, plannedFaults, unmetIn } from './contracts/landing.js'
import { lazyProperty } from './contracts/lazy-property.js'
import { type OptionsOf, settledOn } from './contracts/options/derived.js'
import type { CallSite } from './contracts/place.js'
import type { Report, ScenarioReport } from './contracts/report/report.js'
import type { Scenario } from './contracts/scenario.js'
import { digestOf, type InjectionStatus, type Trace } from './contracts/trace.js'
import { inconclusive, type Judgement, type Verdict } from './contracts/verdict.js'
import { checkOptions } from './define/options.js'

/** Any scenario, whatever its state and tools. */
// biome-ignore lint/suspicious/noExplicitAny: a scenario is contravariant in its state and tools; nothing else fits all
export type AnyScenario = Scenario<any, any>

/** A trial that is over: what happened, what each invariant says of it, and what became of its plan. */
export interface Trial {
  readonly trace: Trace
  /** The outside world's memory when the trial was over. */
  readonly state: unknown
  /** What each invariant says. */
  readonly judgements: readonly Judgement[]
  /** SHA-256 of the trace: equal digests are equal trials. */
  readonly digest: string
  /** What became of each fault of the plan: planned is not landed. */
  readonly faults: readonly PlannedFault[]
  /** Why the trial would show nothing even without faults, such as a model that was never called; `null` if it would. */
  readonly unmet: string | null
  /** What was printed in it, if anything was. It counts in no digest. */
  readonly console?: ConsoleOutput
  /**
   * Where in the agent's code its events come from: of `replay`, and of `runTrial` where it was asked for. It is missing where
   * the trial, run a second time to look, was another one.
   */
  readonly places?: readonly CallSite[]
}

const withDigest = lazyProperty('digest', ({ trace }: Omit<Trial, 'digest'>) => digestOf(trace))

/** Loaded by the first trial, and kept: even a module that is there already costs several turns to import again. */
let modules: ReturnType<typeof loadModules> | undefined

function loadModules() {
  return Promise.all([
    import('./trial/trial.js'),
    import('../faults/plan/notation.js'),
    import('./contracts/read-plan.js'),
    import('./contracts/offered-sites.js'),
    import('./campaign/from-here.js'),
  ])
}

/** What `runTrial` takes: the plan, as text or data, and the seed. */
export type TrialSettings = OptionsOf<'runTrial'>

/** Plans of `faultPlans`: they aim at what a baseline reached, and nobody can have mistyped them. */
const drawnPlans = new WeakSet<Plan>()

/**
 * Runs one trial in this process, in virtual time. That the faults of a plan landed is not said by this: ask `faults`, or a
 * matcher.
 *
 * Rejects with a `UserError` for a plan that does not parse, or that aims at what is not there. So it does for a scenario
 * that cannot be set up, and for a process whose event loop never drains.
 */
export async function runTrial(scenario: AnyScenario, settings: TrialSettings = {}): Promise<Trial> {
  checkOptions('runTrial', settings)
  const { plan, seed, places } = settledOn('runTrial', settings)
  modules ??= loadModules()
  const [{ runOne }, { encodePlan }, { readPlan, refuseMissingSites }, { sitesIn }, { placesFrom }] = await modules
  const { faults } = scenario
  // A plan as data goes through its text too: what could not be replayed from a report is refused here and now.
  const text = typeof plan === 'string' ? plan : encodePlan(plan)
  const read = readPlan(text, faults)
  const { trace, state, judgements, offered, unasked, console } = await runOne(scenario, {
    plan: read,
    seed,
    console: true,
  })
  if (typeof plan === 'string' || !drawnPlans.has(plan)) {
    await refuseMissingSites(text, faults, sitesIn(trace, offered), unasked, async () => {
      const baseline = await runOne(scenario, { plan: [], seed })
      return sitesIn(baseline.trace, baseline.offered)
    })
  }
  // By a run of its own: watching takes time, and is not to change what is found.
  const watched = places ? await runOne(scenario, { plan: read, seed, places }) : undefined
  const isSame = watched && digestOf(watched.trace) === digestOf(trace)
  return withDigest({
    trace,
    state,
    judgements,
    faults: plannedFaults(read, trace, faults),
    unmet: unmetIn(trace, scenario),
    ...(console && { console }),
    ...(isSame && watched.places && { places: placesFrom(watched.places, process.cwd()) }),
  })
}

/** Runs the trial that a report printed: its seed and its plan's text. It has places. Rejects as `runTrial` does. */
export function replay(
  scenario: AnyScenario,
  { seed, plan }: { readonly seed: number; readonly plan: string },
): Promise<Trial> {
  return runTrial(scenario, { seed, plan, places: true })
}

/** What a trial must show to prove anything. */
export interface ProofSettings {
  /**
   * Which faults of the plan must have landed for the trial to prove anything: `all` of them by default, or `some`, for
   * plans that were drawn, in which one fault can keep another from its crossing.
   */
  readonly landed?: 'all' | 'some'
}

/**
 * What an invariant says of a trial. A trial that violated nothing is `inconclusive` where faults of its plan did not land,
 * or where it met nothing that could fail. A `UserError` for an invariant that the scenario does not have.
 */
export function verdictOf(trial: Trial, invariant: string, settings: ProofSettings = {}): Verdict {
  const { judgements } = trial
  const doubt = whyUnproven(trial, settings)
  const found = judgements.find((judgement) => judgement.invariant === invariant)
  if (found) {
    const { kind } = found.verdict
    return doubt === undefined || kind === 'violated' || kind === 'inconclusive' ? found.verdict : inconclusive(doubt)
  }
  const names = judgements.map((judgement) => judgement.invariant)
  throw new UserError(
    `no invariant "${invariant}" is on in this scenario (${names.join(', ')}).${didYouMean(invariant, names)}`,
  )
}

/** Why a trial proves nothing of what its plan is there to try, if that is so. */
export function whyUnproven({ faults, unmet }: Trial, { landed = 'all' }: ProofSettings = {}): string | undefined {
  if (landed !== 'all' && landed !== 'some') {
    throw new UserError(`landed: expected "all" or "some", got ${JSON.stringify(landed)}`)
  }
  if (faults.length === 0) return unmet ?? undefined
  const missed = faults.filter(({ status }) => status !== 'landed')
  if (missed.length === 0 || (landed === 'some' && missed.length < faults.length)) return undefined
  const which = missed.length < faults.length ? 'not every fault of the plan landed' : 'no fault of the plan landed'
  const lines = missed.map(
    ({ injection, fault, status, lack }) => `${fault} of "${injection}" did not: ${whyNotLanded(status, lack)}`,
  )
  return `${which}: ${lines.join('; ')}${unmet === null ? '' : `; ${unmet}`}`
}

function whyNotLanded(status: InjectionStatus, lack: string | undefined): string {
  return lack === undefined ? reasons[status] : `its crossing came, and it has no counterpart there: ${lack}`
}

const reasons: Readonly<Record<InjectionStatus, string>> = {
  planned: 'its crossing never came',
  reached: 'its crossing came, and the fault had nothing to take hold of',
  masked: 'an earlier fault had ended the crossing',
  landed: 'it landed',
}

/**
 * A fast-check arbitrary of plans for the sites that the scenario's baseline reaches. It shrinks to fewer faults, then to
 * milder ones, and prints as text that `replay` takes. One of its faults can keep another from landing, and some take hold of
 * nothing: see `faults` of the trial. Rejects where the baseline does not work, or never calls the model whose faults the
 * scenario is to face.
 */
export async function faultPlans(
  scenario: AnyScenario,
  settings: OptionsOf<'faultPlans'> = {},
): Promise<Arbitrary<Plan>> {
  checkOptions('faultPlans', settings)
  const { seed, injectionsMax } = settledOn('faultPlans', settings)
  const [
    { default: fc },
    { planArbitrary },
    { encodePlan },
    { reachableIn },
    { runBaseline, baselineFailure },
    { inProcess },
    { baselineFacts },
  ] = await Promise.all([
    import('fast-check'),
    import('../faults/plan/arbitrary.js'),
    import('../faults/plan/notation.js'),
    import('./search/ground.js'),
    import('./search/baseline.js'),
    import('./executors/in-process/executor.js'),
    import('../reports/reading/baseline.js'),
  ])
  const baseline = await runBaseline(inProcess(scenario), seed)
  if (baseline.kind !== 'sound') {
    const failure = baselineFailure(baseline.record)
    const facts = baselineFacts({ baselineFailure: failure, because: baseline.because }).map((fact) => `\n  ${fact}`)
    const where = failure.environment.where ?? scenario.declaredAt ?? undefined
    throw new UserError(`scenario "${scenario.name}": ${baseline.because}${facts.join('')}`, where)
  }
  const trace = baseline.record.evidence?.trace
  if (facesModel(scenario) && baseline.record.spend.modelCalls === 0) {
    throw new UserError(`scenario "${scenario.name}": ${modelNeverCalled}`)
  }
  const plans = planArbitrary(trace ? reachableIn(trace) : [], scenario.faults, { injectionsMax })
  return plans.map((plan) => {
    drawnPlans.add(plan)
    if (!Object.hasOwn(plan, fc.toStringMethod)) {
      Object.defineProperty(plan, fc.toStringMethod, { value: () => JSON.stringify(encodePlan(plan)) })
    }
    return plan
  })
}

/** What `assertResilient` takes. */
export type ResilienceSettings = OptionsOf<'assertResilient'>

/**
 * The scenario did not pass: `assertResilient` rejects with it. The message tells each violation, its minimal plan and how
 * to replay it. Recognise it by `isResilienceError` or by its `code`, never by `instanceof`.
 */
export class ResilienceError extends Error {
  override readonly name = 'ResilienceError'
  /** Always this text, in every version. */
  readonly code = 'AGENT_CHAOS_NOT_RESILIENT' as const
  /** What the search found: the verdict, violations, statistics. It has no wall-clock times, and paths only in places. */
  readonly report: Omit<ScenarioReport, 'environment' | 'timing'>
  constructor(message: string, report: Omit<ScenarioReport, 'environment' | 'timing'>) {
    super(message)
    this.report = report
  }
  /** Tells errors of this package from others, whichever copy of it made them. */
  get [errorBrand](): true {
    return true
  }
}

/** Whether this is a `ResilienceError`, also one that another copy of the package has made. Never throws. */
export function isResilienceError(error: unknown): error is ResilienceError {
  return bears(error, 'AGENT_CHAOS_NOT_RESILIENT')
}

/**
 * Searches for a violation in this process. Resolves when none was found and everything that the scenario lists was put
 * to the test. Rejects with a `ResilienceError` otherwise, and with a `UserError` for an option that is wrong.
 */
export async function assertResilient(scenario: AnyScenario, settings: ResilienceSettings = {}): Promise<void> {
  checkOptions('assertResilient', settings)
  const { trialsMax, seed } = settledOn('assertResilient', settings)
  const [{ search }, { inProcess }, { baselineFacts }, { codeLinesOf }, { fromHere }] = await Promise.all([
    import('./search/search.js'),
    import('./executors/in-process/executor.js'),
    import('../reports/reading/baseline.js'),
    import('../reports/reading/code.js'),
    import('./campaign/from-here.js'),
  ])
  const found = await search(inProcess(scenario), {
    seed,
    trialsMax,
    randomPlans: 'fill',
    command: (seed, plan) => `await replay(scenario, { seed: ${seed}, plan: ${JSON.stringify(plan)} })`,
  })
  if (found.verdict === 'passed') return
  const report = fromHere(found, process.cwd())
  const lines = report.violations.map((violation) => {
    const { invariant, story, remedy, trial, environment } = violation
    const places = codeLinesOf(violation).map((place) => `\n  at: ${place}`)
    return (
      `\n\n  ${invariant}: ${story}${remedy === undefined ? '' : `\n  remedy: ${remedy}`}` +
      `\n  minimal plan: ${trial.plan}${places.join('')}\n  replay: ${environment.command}`
    )
  })
  const facts = baselineFacts(report).map((fact) => `\n  ${fact}`)
  throw new ResilienceError(`scenario "${scenario.name}": ${report.because}${facts.join('')}${lines.join('')}`, report)
}

/** What `runCampaign` takes. `docs/options.md` tells every option. */
export type CampaignSettings = OptionsOf<'runCampaign'>

/**
 * Runs scenario files in worker processes, as the command line does, and resolves to the report. It reads no configuration
 * file: what the caller leaves out is as `agent-chaos run --no-config` would have it. Rejects with a `UserError` for an option
 * that is wrong.
 */
export async function runCampaign(settings: CampaignSettings): Promise<Report> {
  checkOptions('runCampaign', settings)
  const [{ campaignOn }, { openWorkers }, { availableParallelism }, { resolve }] = await Promise.all([
    import('./campaign/index.js'),
    import('./executors/workers/executors.js'),
    import('node:os'),
    import('node:path'),
  ])
  const {
    openExecutors = openWorkers,
    signal = new AbortController().signal,
    ...settled
  } = settledOn('runCampaign', settings, availableParallelism())
  return campaignOn(openExecutors).runCampaign({
    ...settled,
    files: settled.files.map((file) => resolve(file)),
    cwd: process.cwd(),
    signal,
    onProgress: () => {},
  })
}
