/**
 * What a worker process does once its stubs are in place. It loads a scenario file after the other, and runs the trials
 * that its parent asks for, one at a time.
 */
import { setFlagsFromString } from 'node:v8'
import type { Injection } from '../../../faults/plan/plan.js'
import type { ConsoleLine } from '../../contracts/console.js'
import type { Debugging } from '../../contracts/debugging.js'
import { isUserError, UserError } from '../../contracts/errors.js'
import { namedSecretsIn } from '../../contracts/named-secrets.js'
import { variablesOf } from '../../contracts/provider.js'
import type { Scenario } from '../../contracts/scenario.js'
import { shortageOf } from '../../contracts/system-error.js'
import type { TraceEvent } from '../../contracts/trace.js'
import { configure, inOrder, type ProviderOptions } from '../../define/providers.js'
import { fileOf } from '../../define/source.js'
import { inProcess } from '../../hosts/in-process.js'
import { invariantCatalogue } from '../../invariants/catalogue.js'
import { providers } from '../../providers/catalogue.js'
import { backgroundShotsMs } from '../../sandbox/background.js'
import { noteBuiltins } from '../../sandbox/builtins.js'
import { onIdle } from '../../sandbox/idle.js'
import { changesSince, isAtWork, openDescriptors, takeImprint } from '../../sandbox/imprint.js'
import { real } from '../../sandbox/real.js'
import { watchUnowned } from '../../sandbox/stubs/unowned.js'
import { drawing } from '../../trial/chance.js'
import { runUntilCrash } from '../../trial/trial.js'
import { factsOf, recordOf } from '../record.js'
import { answering, receive } from './channel.js'
import { keepCode } from './code-cache.js'
import { openToDebugger, stopAt } from './debugger.js'
import { type Lookups, loadScenario, lookupsFor, mapSources, readOptions, type Which } from './load.js'
import type { BeginRequest, TrialRequest, WorkerBounds, WorkerMessage } from './protocol.js'
import { finalStateOf, isViolated, judgeAgain, testimonyOf } from './testimony.js'

// Captured before the agent may replace them.
const { pid } = process
const kill = process.kill.bind(process)

/** How often progress is told, as a share of the time in which it is missed. */
const progressShare = 0.05

/** How long modules may still be busy with themselves once they are loaded. */
const shotsWaitedForMs = 2_000

/** After so many of a scenario most of what it calls was compiled. */
const trialsUntilKept = 3

const shipped: ReadonlySet<string> = new Set(invariantCatalogue.map(({ name }) => name))

applyEnvironment({})
/** The parent has given them, or heard of them. */
const secretsKnown = new Set(namedSecretsIn(process.env))
const environmentSeen = new Map(Object.entries(process.env))
const begin = receive()
if (begin.kind !== 'begin') throw new Error(`expected the request "begin" first, got "${begin.kind}"`)
if (begin.strict) watchUnowned(begin.root)
const answer = answering(begin.secret)
process.on('exit', tellSecrets)
serve(begin, (message) => {
  tellSecrets()
  answer(message)
}).catch((error: unknown) => {
  // Not left to handlers of `process`, which are the agent's to change.
  real.setImmediate(() => {
    throw error
  })
})

async function configuration(file: string | undefined): Promise<ProviderOptions> {
  if (file === undefined) return {}
  const options: ProviderOptions = await readOptions(file)
  applyEnvironment(options)
  return options
}

/** The vendors' clients are often made when a module loads, so the environment must be right before that. */
function applyEnvironment({ providers: own = [], endpoints }: ProviderOptions): void {
  const variables = variablesOf({ providers: inOrder(own, providers), endpoints }, process.env)
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
}

async function serve(
  { root, config, debugging, networkNamespace, ...bounds }: BeginRequest,
  send: (message: WorkerMessage) => void,
) {
  let options: ProviderOptions | undefined
  let loaded: Loaded | undefined
  // While this module is being evaluated Node listens for an end of the process.
  await new Promise((resolve) => real.setImmediate(resolve))
  const imprint = takeImprint()
  const descriptors = openDescriptors()
  for (;;) {
    const request = receive()
    try {
      if (request.kind === 'load') {
        if (debugging && !loaded) beDebugged(debugging)
        options ??= await configuration(config)
        loaded = await load(fileOf(root, request), request, options)
        compileAtOnce()
        if (networkNamespace) refuseAllowing(loaded.scenario)
        if (debugging?.stops) stopAt(loaded.scenario.agent)
        send({ kind: 'loaded', facts: factsOf(loaded.scenario) })
      } else if (request.kind === 'trial' && loaded) {
        const message = await runTrial(loaded, request, bounds, send)
        const isFresh = await renew(loaded)
        send(message.kind === 'done' && !isFresh ? { ...message, worn: true } : message)
        if (++loaded.trials === trialsUntilKept) keepCode()
      } else if (request.kind === 'judge' && loaded) {
        send({ kind: 'judged', id: request.id, ...judgeAgain(loaded.scenario, request, shipped) })
      } else if (request.kind === 'compare') {
        // Where the language is not what it was, nothing that stands upon it can tell what else is.
        const changed = loaded?.changedBuiltins() ?? []
        const changes = changed.length > 0 ? changed : changesSince(imprint, descriptors)
        send({ kind: 'compared', changes, atWork: isAtWork() })
      }
    } catch (error) {
      // What fails in a language that the agent has changed is no mistake of ours or of the scenario's: it costs the trial.
      if (request.kind === 'trial' && loaded && loaded.changedBuiltins().length > 0) kill(pid, 'SIGKILL')
      send(refusal(error))
    }
    // What the trial left in the event loop comes to its end here, and not only when the next one runs.
    await new Promise((resolve) => real.setImmediate(resolve))
  }
}

/**
 * From now on code goes through the baseline compiler when it first runs, which takes a part off each trial. Not before:
 * most of what runs while modules load runs once.
 */
function compileAtOnce(): void {
  setFlagsFromString('--always-sparkplug')
}

/** What it allows would not be there, and its trials would come to something else. */
function refuseAllowing({ name, allow, declaredAt }: Scenario): void {
  if (allow.length === 0) return
  const said = `scenario "${name}" allows ${allow.join(', ')}`
  throw new UserError(
    `--network-namespace: expected scenarios that reach no other machine; ${said}: leave one of the two out`,
    declaredAt ?? undefined,
  )
}

function beDebugged(debugging: Debugging): void {
  mapSources()
  openToDebugger(debugging)
}

/**
 * Single shots that modules set when they load, and that hold the process, have rung before the first trial. So each
 * trial finds the process as the others do.
 */
async function ringBackground(): Promise<void> {
  const until = real.performanceNow() + shotsWaitedForMs
  while (backgroundShotsMs(shotsWaitedForMs) > 0 && real.performanceNow() < until) {
    await new Promise((resolve) => real.setTimeout(resolve, 5))
  }
}

/** Rejects, too, where loading waits for what never comes: the event loop drains then. */
function loadWhole(file: string, which: Which, lookups: Lookups): Promise<Scenario> {
  return new Promise((resolve, reject) => {
    const ignoreIdle = onIdle(() => {
      reject(new UserError('its loading waits for something that never comes', file))
      real.setImmediate(() => {})
    })
    loadScenario(file, which, lookups).finally(ignoreIdle).then(resolve, reject)
  })
}

/** A scenario file that is loaded, and what its trials have come to know. */
interface Loaded {
  scenario: Scenario
  /** Evaluates its modules anew, for an agent that crashes. */
  readonly reload: () => Promise<Scenario>
  /** For the trials that follow. */
  readonly loadAgain: () => Promise<Scenario>
  readonly changedBuiltins: () => readonly string[]
  /** The agent crashed in the trial that ran last, and what was started again was another copy of its modules. */
  isLeft: boolean
  /** Whether the goal has been reached after a crash, and did not go by what modules hold. */
  isGoalKnown: boolean
  /** That it has run. */
  trials: number
}

async function load(file: string, which: Which, options: ProviderOptions): Promise<Loaded> {
  const lookups = lookupsFor(file)
  const loadAgain = async () => configure(await loadWhole(file, which, lookups), options)
  const scenario = await loadAgain()
  await ringBackground()
  await (scenario.host ?? inProcess).prepare()
  const reload = async () => configure(await loadScenario(file, which, lookups), options)
  return { scenario, reload, loadAgain, changedBuiltins: noteBuiltins(), isLeft: false, isGoalKnown: false, trials: 0 }
}

/**
 * What a crashed agent left of its modules is no start for the trials that follow: locks that it held, queues that never
 * go on. Whether they find modules as they should be: they do not where timers or connections of the old ones go on.
 */
async function renew(loaded: Loaded): Promise<boolean> {
  if (!loaded.isLeft) return true
  loaded.isLeft = false
  if (isAtWork()) return false
  const scenario = await loaded.loadAgain().catch(() => undefined)
  loaded.scenario = scenario ?? loaded.scenario
  return scenario !== undefined
}

async function runTrial(
  loaded: Loaded,
  request: TrialRequest,
  bounds: WorkerBounds,
  send: (message: WorkerMessage) => void,
): Promise<WorkerMessage> {
  const { scenario } = loaded
  const { id, plan, profile, seed, dir, resume, detail, places, tells } = request
  // Told at once: a trial that the watchdog ends can say no more.
  const onDrawn = (injection: Injection) => send({ kind: 'drawn', id, injection })
  const draw = profile && drawing(profile, scenario.faults, seed, onDrawn)
  const kept = { wire: detail === 'wire', console: detail !== 'brief', places }
  const onEvent = tells ? (event: TraceEvent) => send({ kind: 'recorded', id, event }) : undefined
  const onPrint = tells ? (line: ConsoleLine) => send({ kind: 'printed', id, line }) : undefined
  const onProgress = everyNowAndThen(bounds.realLimitMs * progressShare, (modelCalls: number) =>
    send({ kind: 'progress', id, modelCalls }),
  )
  const listeners = { onEvent, onPrint, onProgress }
  const crash = request.crash ?? scenario.crash
  const reload = crash === 'soft' ? loaded.reload : undefined
  const unused = loaded.isGoalKnown ? undefined : reload
  const options = { plan, draw, seed, dir, resume, ...kept, reload, unused, ...listeners, ...bounds }
  const outcome = await runUntilCrash({ ...scenario, crash }, options)
  if (outcome.kind === 'unloadable') return { kind: 'unloadable', id }
  if (outcome.kind === 'ended' && reload && outcome.trace.events.some(({ kind }) => kind === 'restart')) {
    loaded.isLeft = true
    loaded.isGoalKnown ||= outcome.trace.goal === true
  }
  if (outcome.kind === 'crashed') return { kind: 'crashed', id, snapshot: outcome.snapshot }
  const changed = loaded.changedBuiltins()
  // A process that is not what it was may have missed what it looked for.
  const isTwice = request.twice || changed.length > 0 || isViolated(outcome.judgements)
  const testimony = isTwice ? { testimony: testimonyOf(outcome, changed) } : {}
  const record = {
    ...recordOf(outcome, scenario, detail),
    ...(request.state && { state: finalStateOf(outcome.state) }),
  }
  return { kind: 'done', id, record, ...testimony }
}

/** Calls at most once in `spanMs` real milliseconds, and not before the first of them are over. */
function everyNowAndThen<T>(spanMs: number, tell: (value: T) => void): (value: T) => void {
  let last = real.performanceNow()
  return (value) => {
    const now = real.performanceNow()
    if (now - last < spanMs) return
    last = now
    tell(value)
  }
}

function refusal(error: unknown): WorkerMessage {
  const shortage = shortageOf(error)
  if (isUserError(error)) return { kind: 'refused', message: error.message, where: error.where }
  if (shortage !== undefined) return { kind: 'refused', message: shortage }
  return { kind: 'broken', stack: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}

/**
 * A scenario that reads its keys from a file has them in no environment but its own. This goes before each message, so only
 * what changed is looked at.
 */
function tellSecrets(): void {
  // By names and then values: to ask for entries at once takes three times as long.
  const changed = Object.keys(process.env).filter((name) => environmentSeen.get(name) !== process.env[name])
  if (changed.length === 0) return
  const values = Object.fromEntries(changed.map((name) => [name, process.env[name]]))
  for (const name of changed) environmentSeen.set(name, values[name])
  const secrets = namedSecretsIn(values).filter((secret) => !secretsKnown.has(secret))
  if (secrets.length === 0) return
  for (const secret of secrets) secretsKnown.add(secret)
  answer({ kind: 'secrets', secrets })
}
