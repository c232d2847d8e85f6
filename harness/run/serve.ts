/**
 * What a worker process does once its stubs are in place: loads one scenario file and runs the trials that its parent
 * asks for.
 */
import { UserError } from '../errors.js'
import { providers } from '../providers/catalogue.js'
import { factsOf, recordOf } from './executor.js'
import { loadScenario } from './load.js'
import type { TrialRequest, WorkerMessage, WorkerTask } from './protocol.js'
import { runOne } from './trial.js'

// The agent may have a stub in place of it later.
const exit = process.exit.bind(process)

process.on('disconnect', () => exit(0))
for (const { environment } of providers) applyEnvironment(environment)
void serve(JSON.parse(process.argv[2] ?? '') as WorkerTask)

/** The vendors' clients are often made when a module loads, so the environment must be right before that. */
function applyEnvironment(environment: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
}

async function serve({ file, realLimitMs }: WorkerTask): Promise<void> {
  try {
    const scenario = await loadScenario(file)
    process.on('message', (request: TrialRequest) => {
      runOne(scenario, { plan: request.plan, seed: request.seed, realLimitMs }).then(
        (result) => send({ kind: 'done', id: request.id, record: recordOf(result, request.detail) }),
        refuse,
      )
    })
    send({ kind: 'loaded', facts: factsOf(scenario) })
  } catch (error) {
    refuse(error)
  }
}

function refuse(error: unknown): void {
  if (error instanceof UserError) send({ kind: 'refused', message: error.message, where: error.where })
  else send({ kind: 'broken', stack: error instanceof Error ? (error.stack ?? error.message) : String(error) })
}

function send(message: WorkerMessage): void {
  process.send?.(message)
}
