#!/usr/bin/env node
/**
 * The command `agent-chaos`. Apart from what it does, so that a machine on which that cannot even be loaded is reported
 * as any other mistake. Node would end with 1, which says "violated" to a gate.
 */
const oldNode = 'TOO_OLD'

try {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 20)) throw tooOld()
  const { useKeptCode } = await import('../executors/workers/code-cache.js')
  useKeptCode('command')
  const { startFor } = await import('./early.js')
  startFor(process.argv.slice(2))
  await import('./process.js')
} catch (error) {
  process.exitCode = isShortage(error) ? 2 : 70
  const reason = error instanceof Error ? (isShortage(error) ? error.message : error.stack) : String(error)
  process.stderr.write(`agent-chaos cannot be loaded: ${reason}\n`)
  if (isShortage(error) && !isTooOld(error))
    process.stderr.write('Allow this process more open files (ulimit -n) or more memory.\n')
}

/** Told before anything is loaded, for that may need what an older Node has not. */
function tooOld(): Error {
  return Object.assign(new Error(`expected Node 20.20 or later, got ${process.version}`), { code: oldNode })
}

function isTooOld(error: unknown): boolean {
  return codeOf(error) === oldNode
}

/**
 * As `system-error.ts` and `exit.ts` have it, which may be what cannot be loaded: nothing is imported here. A package that
 * there is no descriptor to read for is reported as one that is not there.
 */
function isShortage(error: unknown): boolean {
  return ['EMFILE', 'ENFILE', 'ENOMEM', 'ERR_MODULE_NOT_FOUND', oldNode].includes(codeOf(error))
}

function codeOf(error: unknown): string {
  return String((error as { readonly code?: unknown } | null)?.code)
}
