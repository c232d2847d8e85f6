/**
 * What a worker process does once its stubs are in place. It loads a scenario file after the other, and runs the trials
 * that its parent asks for, one at a time.
 */
import type { Injection } from '../../../faults/plan/plan.js'
import { isUserError, UserError } from '../../contracts/errors.js'
import { namedSecretsIn } from '../../contracts/named-secrets.js'
import { variablesOf } from '../../contracts/provider.js'
import type { Scenario } from '../../contracts/scenario.js'
import { shortageOf } from '../../contracts/system-error.js'
import { configure, inOrder, type ProviderOptions } from '../../define/providers.js'
import { fileOf } from '../../define/source.js'
import { providers } from '../../providers/catalogue.js'
import { onIdle } from '../../sandbox/idle.js'
import { real } from '../../sandbox/real.js'
import { drawing } from '../../trial/chance.js'
import { runUntilCrash } from '../../trial/trial.js'
import { factsOf, recordOf } from '../record.js'
import { answering, receive } from './channel.js'
import { loadScenario, readOptions } from './load.js'
import type { BeginRequest, TrialRequest, WorkerBounds, WorkerMessage } from './protocol.js'

applyEnvironment({})
/** The parent has given them, or heard of them. */
const secretsKnown = new Set(namedSecretsIn(process.env))
const begin = receive()
if (begin.kind !== 'begin') throw new Error(`expected the request "begin" first, got "${begin.kind}"`)
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

async function serve({ root, config, ...bounds }: BeginRequest, send: (message: WorkerMessage) => void) {
  let options: ProviderOptions | undefined
  let scenario: Scenario | undefined
  for (;;) {
    const request = receive()
    try {
      if (request.kind === 'load') {
        options ??= await configuration(config)
        scenario = configure(await loadWhole(fileOf(root, request), request.repaired), options)
        send({ kind: 'loaded', facts: factsOf(scenario) })
      } else if (request.kind === 'trial' && scenario) {
        send(await runTrial(scenario, request, bounds, send))
      }
    } catch (error) {
      send(refusal(error))
    }
    // What the trial left in the event loop comes to its end here, and not only when the next one runs.
    await new Promise((resolve) => real.setImmediate(resolve))
  }
}

/** Rejects, too, where loading waits for what never comes: the event loop drains then. */
function loadWhole(file: string, repaired: boolean | undefined): Promise<Scenario> {
  return new Promise((resolve, reject) => {
    const ignoreIdle = onIdle(() => {
      reject(new UserError('its loading waits for something that never comes', file))
      real.setImmediate(() => {})
    })
    loadScenario(file, repaired).finally(ignoreIdle).then(resolve, reject)
  })
}

async function runTrial(
  scenario: Scenario,
  { id, plan, profile, seed, dir, resume, detail }: TrialRequest,
  bounds: WorkerBounds,
  send: (message: WorkerMessage) => void,
): Promise<WorkerMessage> {
  // Told at once: a trial that the watchdog ends can say no more.
  const onDrawn = (injection: Injection) => send({ kind: 'drawn', id, injection })
  const draw = profile && drawing(profile, scenario.faults, seed, onDrawn)
  const wire = detail === 'wire'
  const outcome = await runUntilCrash(scenario, { plan, draw, seed, dir, resume, wire, ...bounds })
  if (outcome.kind === 'ended') return { kind: 'done', id, record: recordOf(outcome, scenario, detail) }
  return { kind: 'crashed', id, snapshot: outcome.snapshot }
}

function refusal(error: unknown): WorkerMessage {
  const shortage = shortageOf(error)
  if (isUserError(error)) return { kind: 'refused', message: error.message, where: error.where }
  if (shortage !== undefined) return { kind: 'refused', message: shortage }
  return { kind: 'broken', stack: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}

/** A scenario that reads its keys from a file has them in no environment but its own. */
function tellSecrets(): void {
  const secrets = namedSecretsIn(process.env).filter((secret) => !secretsKnown.has(secret))
  if (secrets.length === 0) return
  for (const secret of secrets) secretsKnown.add(secret)
  answer({ kind: 'secrets', secrets })
}
