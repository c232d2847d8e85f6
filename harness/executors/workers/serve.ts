/**
 * What a worker process does once its stubs are in place: loads a scenario file after the other, and runs the trials
 * that its parent asks for.
 */
import type { Injection } from '../../../faults/plan/plan.js'
import { UserError } from '../../contracts/errors.js'
import type { Scenario } from '../../contracts/scenario.js'
import { providers } from '../../providers/catalogue.js'
import { drawing } from '../../trial/chance.js'
import { runUntilCrash } from '../../trial/trial.js'
import { factsOf, recordOf } from '../record.js'
import { loadScenario } from './load.js'
import type { TrialRequest, WorkerMessage, WorkerRequest, WorkerTask } from './protocol.js'

// The agent may have a stub in place of it later.
const exit = process.exit.bind(process)

process.on('disconnect', () => exit(0))
for (const { environment } of providers) applyEnvironment(environment)
serve(JSON.parse(process.argv[2] ?? '') as WorkerTask)

/** The vendors' clients are often made when a module loads, so the environment must be right before that. */
function applyEnvironment(environment: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
}

function serve({ realLimitMs }: WorkerTask): void {
  let loading: Promise<Scenario>
  process.on('message', (request: WorkerRequest) => {
    if (request.kind === 'load') {
      loading = loadScenario(request)
      loading.then((scenario) => send({ kind: 'loaded', facts: factsOf(scenario) }), refuse)
    } else {
      loading.then((scenario) => runTrial(scenario, request, realLimitMs)).catch(refuse)
    }
  })
}

async function runTrial(scenario: Scenario, request: TrialRequest, realLimitMs: number): Promise<void> {
  const { id, plan, profile, seed, resume, detail } = request
  // Told at once: a trial that the watchdog ends can say no more.
  const onDrawn = (injection: Injection) => send({ kind: 'drawn', id, injection })
  const draw = profile && drawing(profile, scenario.faults, seed, onDrawn)
  const outcome = await runUntilCrash(scenario, { plan, draw, seed, resume, realLimitMs, wire: detail === 'wire' })
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
