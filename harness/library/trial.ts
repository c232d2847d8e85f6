/** One trial, inside another project's own tests. Heavy parts are loaded when they are first needed, for a scenario file imports this module too. */
import { deserialize } from 'node:v8'
import type { ConsoleOutput } from '../contracts/console.js'
import { UserError } from '../contracts/errors.js'
import type { FinalState } from '../contracts/executor.js'
import { facesModel, type PlannedFault, plannedFaults, unmetIn } from '../contracts/landing.js'
import { lazyProperty } from '../contracts/lazy-property.js'
import { type OptionsOf, settledOn } from '../contracts/options/derived.js'
import type { CallSite } from '../contracts/place.js'
import type { Scenario } from '../contracts/scenario.js'
import { digestOf, type Trace } from '../contracts/trace.js'
import type { Judgement } from '../contracts/verdict.js'
import { checkOptions } from '../define/options.js'
import { drawnPlans } from './plans.js'
import { type AnyScenario, type ScenarioFile, subjectOf, type TrialSubject, withExecutor } from './subject.js'

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

async function loadModules() {
  return {
    ...(await import('../trial/trial.js')),
    ...(await import('../../faults/plan/notation.js')),
    ...(await import('../contracts/read-plan.js')),
    ...(await import('../contracts/offered-sites.js')),
    ...(await import('../campaign/from-here.js')),
  }
}

/** What `runTrial` takes: the plan, as text or data, and the seed. */
export type TrialSettings = OptionsOf<'runTrial'>

/**
 * Runs one trial, in virtual time: in this process, or in a worker process for a scenario that is named by its file. That the
 * faults of a plan landed is not said by this: ask `faults`, or a matcher.
 *
 * Rejects with a `UserError` for a plan that does not parse, or that aims at what is not there. So it does for a scenario
 * that cannot be set up. A process whose event loop never drains runs no trials. There it goes to a worker process, and a
 * scenario that no file exports is refused.
 */
export async function runTrial(scenario: AnyScenario | ScenarioFile, settings: TrialSettings = {}): Promise<Trial> {
  checkOptions('runTrial', settings)
  const subject = await subjectOf(scenario, 'runTrial')
  return subject.kind === 'here' ? runHere(subject.scenario, settings) : runElsewhere(subject, settings)
}

async function runHere(scenario: Scenario, settings: TrialSettings): Promise<Trial> {
  const { plan, seed, places } = settledOn('runTrial', settings)
  modules ??= loadModules()
  const { runOne, encodePlan, readPlan, refuseMissingSites, sitesIn, placesFrom } = await modules
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
    unmet: unmetIn(trace, facesModel(scenario)),
    ...(console && { console }),
    ...(isSame && watched.places && { places: placesFrom(watched.places, process.cwd()) }),
  })
}

/** What came of the trial, its state as it travelled. */
type Travelled = Omit<Trial, 'state'>

const travelled = new WeakMap<object, { readonly state: FinalState | null | undefined; readonly scenario: string }>()

/** Made when it is asked for. */
const withState = lazyProperty('state', (trial: Travelled): unknown => {
  const { state, scenario = '' } = travelled.get(trial) ?? {}
  const refuse = (why: string) => {
    throw new UserError(`scenario "${scenario}": the state of this trial is not here: ${why}`)
  }
  if (trial.trace.end.kind === 'killed') return refuse('the process in which it was is ended')
  if (!state) return refuse('it holds functions or classes, which cannot come from another process')
  return state.form === 'json' ? JSON.parse(state.text) : revive(state.text, refuse)
})

function revive(text: string, refuse: (why: string) => never): unknown {
  if (process.versions.bun !== undefined) return refuse('Bun reads JSON only, and there is more to it')
  return deserialize(Buffer.from(text, 'base64'))
}

async function runElsewhere(subject: TrialSubject, settings: TrialSettings): Promise<Trial> {
  const { plan, seed, places } = settledOn('runTrial', settings)
  const { encodePlan } = await import('../../faults/plan/notation.js')
  const { readPlan } = await import('../contracts/read-plan.js')
  const { runPlanned } = await import('../campaign/planned.js')
  const { placesFrom } = await import('../campaign/from-here.js')
  const text = typeof plan === 'string' ? plan : encodePlan(plan)
  return withExecutor(subject, async (executor) => {
    const { name, faults, facesModel } = executor.facts
    const asked = { seed, detail: 'full', state: true } as const
    const { record, evidence } = await runPlanned(executor, text, asked)
    const { trace, digest, console } = evidence
    const read = readPlan(text, faults)
    const [watched] = places ? await executor.run([{ plan: read, ...asked, places }]) : []
    const found = watched?.evidence?.digest === digest ? watched.evidence.places : undefined
    const trial: Travelled = {
      trace,
      digest,
      judgements: record.judgements,
      faults: plannedFaults(read, trace, faults),
      unmet: unmetIn(trace, facesModel),
      ...(console && { console }),
      ...(found && { places: placesFrom(found, process.cwd()) }),
    }
    travelled.set(trial, { state: record.state, scenario: name })
    return withState(trial)
  })
}

/** Runs the trial that a report printed: its seed and its plan's text. It has places. Rejects as `runTrial` does. */
export function replay(
  scenario: AnyScenario | ScenarioFile,
  { seed, plan }: { readonly seed: number; readonly plan: string },
): Promise<Trial> {
  return runTrial(scenario, { seed, plan, places: true })
}
