#!/usr/bin/env node
/**
 * The command `agent-chaos`: gives the command line the real process and the real machine, and turns its exit code into the
 * process's own. Nothing else in the package reads `process` for it.
 */
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { reporters } from '../../reports/catalogue.js'
import type { Context } from './context.js'
import { runCommandLine } from './options/program.js'
import { exits } from './output/exit.js'
import { bugText } from './output/failure.js'
import { openWithSystem } from './output/open.js'
import { sinkOf } from './output/sink.js'
import { keysOf } from './watch/keys.js'

const { version } = createRequire(import.meta.url)('agent-chaos/package.json') as { version: string }
const stdout = sinkOf(process.stdout)
const stderr = sinkOf(process.stderr)

const context: Context = {
  io: {
    stdout,
    stderr,
    env: process.env,
    cwd: process.cwd(),
    now: () => performance.now(),
    onInterrupt: (listener) => {
      process.on('SIGINT', listener).on('SIGTERM', listener)
      return () => process.off('SIGINT', listener).off('SIGTERM', listener)
    },
    onKey: (listener) => keysOf(process.stdin, listener),
    open: (path) => openWithSystem(path, process.platform),
    kill: (code) => process.exit(code),
  },
  version,
  parallelism: availableParallelism(),
  campaign: () => import('../campaign/index.js'),
  selftest: () => import('../selftest/index.js'),
  faults: async () => (await import('../../faults/catalogue.js')).catalogue,
  invariants: () => import('../invariants/catalogue.js'),
  providers: async () => (await import('../providers/catalogue.js')).providers,
  reporters,
  watching: () => import('./watch/files.js'),
}

// Node would end with 1 here, which says "violated" to a gate.
process.on('uncaughtException', (error) => {
  stderr.write(bugText(error, version))
  process.exit(exits.bug)
})

const code = await runCommandLine(process.argv.slice(2), context)
await Promise.all([stdout.drained(), stderr.drained()])
// Whatever an agent left open must not keep the command from ending.
process.exit(code)
