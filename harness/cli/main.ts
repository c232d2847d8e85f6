#!/usr/bin/env node
/**
 * The command `agent-chaos`: gives the command line the real process and the real machine, and turns its exit code into the
 * process's own. Nothing else in the package reads `process` for it.
 */
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import type { Context } from './context.js'
import { exits } from './exit.js'
import { bugText } from './failure.js'
import { openWithSystem } from './open.js'
import { runCommandLine } from './program.js'
import { sinkOf } from './sink.js'
import { keysOf } from './watch/keys.js'

const { version } = createRequire(import.meta.url)('agent-chaos/package.json') as { version: string }
const stdout = sinkOf(process.stdout)
const stderr = sinkOf(process.stderr)

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

const context: Context = {
  io: {
    stdout,
    stderr,
    env: process.env,
    cwd: process.cwd(),
    now: () => performance.now(),
    onInterrupt: onSignals,
    onKey: (listener) => keysOf(process.stdin, listener),
    open: (path) => openWithSystem(path, process.platform),
    kill: (code) => process.exit(code),
  },
  version,
  parallelism: availableParallelism(),
  campaign: () => import('../campaign/index.js'),
  selftest: () => import('../selftest/index.js'),
  invariants: () => import('../invariants/catalogue.js'),
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
