#!/usr/bin/env node
/**
 * The command `agent-chaos`. Apart from what it does, so that a machine that cannot even load that is told of as anything
 * else: Node would end with 1, which says "violated" to a gate.
 */
import { shortageOf } from '../system-error.js'

try {
  await import('./process.js')
} catch (error) {
  const shortage = shortageOf(error)
  process.stderr.write(
    shortage === undefined
      ? `agent-chaos cannot be loaded: ${error instanceof Error ? error.stack : String(error)}\n`
      : `agent-chaos: it cannot be loaded: ${shortage}\n`,
  )
  // As in `exit.ts`, which may be what cannot be loaded.
  process.exit(shortage === undefined ? 70 : 2)
}
