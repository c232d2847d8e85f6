/**
 * What a worker process does once its stubs are in place: loads a scenario file after the other, and runs the trials
 * that its parent asks for.
 */
import type { Injection } from '../../../faults/plan/plan.js'
import { UserError } from '../../contracts/errors.js'
import { variablesOf } from '../../contracts/provider.js'
import type { Scenario } from '../../contracts/scenario.js'
import { configured, inOrder, type ProviderOptions } from '../../define/providers.js'
import { providers } from '../../providers/catalogue.js'
import { drawing } from '../../trial/chance.js'
import { runUntilCrash } from '../../trial/trial.js'
import { factsOf, recordOf } from '../record.js'
import { loadScenario, readOptions } from './load.js'
import type { TrialRequest, WorkerMessage, WorkerRequest, WorkerTask } from './protocol.js'

// The agent may have a stub in place of it later.
const exit = process.exit.bind(process)

process.on('disconnect', () => exit(0))
const { realLimitMs, config } = JSON.parse(process.argv[2] ?? '') as WorkerTask
const options: Promise<ProviderOptions> = config === undefined ? Promise.resolve({}) : readOptions(config)
// The vendors' clients are often made when a module loads, so the environment must be right before that.
const ready = options.then(applyEnvironment)
ready.catch(() => {})
serve()

function applyEnvironment({ providers: own = [], endpoints }: ProviderOptions): void {
  for (const [name, value] of Object.entries(variablesOf({ providers: inOrder(own, providers), endpoints }))) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
}

function serve(): void {
  let loading: Promise<Scenario>
  process.on('message', (request: WorkerRequest) => {
    if (request.kind === 'load') {
      loading = ready.then(() => loadScenario(request)).then(async (scenario) => configured(scenario, await options))
      loading.then((scenario) => send({ kind: 'loaded', facts: factsOf(scenario) }), refuse)
    } else {
      loading.then((scenario) => runTrial(scenario, request)).catch(refuse)
    }
  })
}

async function runTrial(scenario: Scenario, request: TrialRequest): Promise<void> {
  const { id, plan, profile, seed, resume, detail } = request
  // Told at once: a trial that the watchdog ends can say no more.
  const onDrawn = (injection: Injection) => send({ kind: 'drawn', id, injection })
  const draw = profile && drawing(profile, scenario.faults, seed, onDrawn)
  const outcome = await runUntilCrash(scenario, { plan, draw, seed, resume, realLimitMs })
  if (outcome.kind === 'ended') send({ kind: 'done', id, record: recordOf(outcome, scenario, detail) })
  else send({ kind: 'crashed', id, snapshot: outcome.snapshot })
}

function refuse(error: unknown): void {
  if (error instanceof UserError) send({ kind: 'refused', message: error.message, where: error.where })
  else send({ kind: 'broken', stack: error instanceof Error ? (error.stack ?? error.message) : String(error) })
}

function send(message: WorkerMessage): void {
  process.send?.(message)
}
