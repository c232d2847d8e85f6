/**
 * The command line in the real process and on the real machine, its exit code the process's own. Nothing else in the package
 * reads `process` for it.
 */
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { reporters } from '../../reports/catalogue.js'
import { reasonOf } from '../contracts/system-error.js'
import type { Context } from './context.js'
import { runCommandLine } from './options/program.js'
import { askAt } from './output/ask.js'
import { exits, mostSevere } from './output/exit.js'
import { reportFailure } from './output/failure.js'
import { hidingSecrets } from './output/hiding.js'
import { openWithSystem } from './output/open.js'
import { sinkOf } from './output/sink.js'
import { keysOf } from './watch/keys.js'

const require = createRequire(import.meta.url)
const { version } = require('agent-chaos/package.json') as { version: string }
let isOutputLost = false
const stderr = hidingSecrets(
  sinkOf(process.stderr, () => {
    isOutputLost = true
  }),
  process.env,
)
const stdout = hidingSecrets(
  sinkOf(process.stdout, (error) => {
    isOutputLost = true
    stderr.write(`agent-chaos: standard output cannot be written: ${reasonOf(error)}\n`)
  }),
  process.env,
)

/** A terminal that goes away says so more than once, and after a Ctrl-C too: a further SIGHUP asks for nothing new. */
function onSignals(listener: () => void): () => void {
  let asked = false
  const ask = () => {
    asked = true
    listener()
  }
  const hangUp = () => {
    if (!asked) ask()
  }
  process.on('SIGINT', ask).on('SIGTERM', ask).on('SIGHUP', hangUp)
  return () => process.off('SIGINT', ask).off('SIGTERM', ask).off('SIGHUP', hangUp)
}

const workers = () => import('../executors/workers/executors.js')

const context: Context = {
  io: {
    stdout,
    stderr,
    env: process.env,
    cwd: process.cwd(),
    now: () => performance.now(),
    onInterrupt: onSignals,
    onKey: (listener) => keysOf(process.stdin, listener),
    ask: (question) => askAt(process.stdin, process.stdout, question),
    open: (path) => openWithSystem(path, process.platform),
    kill: (code) => process.exit(code),
  },
  version,
  docs: join(dirname(require.resolve('agent-chaos/package.json')), 'docs'),
  parallelism: availableParallelism(),
  campaign: async (openExecutors) => {
    const [{ campaignOn }, { openWorkers }] = await Promise.all([import('../campaign/index.js'), workers()])
    return campaignOn(openExecutors ?? openWorkers)
  },
  selftest: async () => {
    const [{ selftestOn }, { openWorkers }] = await Promise.all([import('../selftest/index.js'), workers()])
    return selftestOn(openWorkers)
  },
  faults: async () => (await import('../../faults/catalogue.js')).catalogue,
  invariants: () => import('../invariants/catalogue.js'),
  providers: async () => (await import('../providers/catalogue.js')).providers,
  reporters,
  watching: () => import('./watch/files.js'),
  queue: async () => {
    const [queue, { openWorkers }] = await Promise.all([import('../executors/queue/index.js'), workers()])
    return { ...queue, openHere: openWorkers }
  },
}

// Node would end with 1 here, which says "violated" to a gate.
process.on('uncaughtException', (error) => {
  process.exit(reportFailure(error, context))
})

const code = await runCommandLine(process.argv.slice(2), context)
await Promise.all([stdout.drain(), stderr.drain()])
// Whatever an agent left open must not keep the command from ending.
process.exit(isOutputLost ? mostSevere(code, exits.usage) : code)
