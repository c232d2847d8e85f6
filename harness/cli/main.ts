#!/usr/bin/env node
/**
 * The command `agent-chaos`. Apart from what it does, so that a machine on which that cannot even be loaded is reported
 * as any other mistake. Node would end with 1, which says "violated" to a gate.
 */
try {
  await import('./process.js')
} catch (error) {
  process.exitCode = isShortage(error) ? 2 : 70
  const reason = error instanceof Error ? (isShortage(error) ? error.message : error.stack) : String(error)
  process.stderr.write(`agent-chaos cannot be loaded: ${reason}\n`)
  if (isShortage(error)) process.stderr.write('Allow this process more open files (ulimit -n) or more memory.\n')
}

/**
 * As `system-error.ts` and `exit.ts` have it, which may be what cannot be loaded: nothing is imported here. A package that
 * there is no descriptor to read for is reported as one that is not there.
 */
function isShortage(error: unknown): boolean {
  return ['EMFILE', 'ENFILE', 'ENOMEM', 'ERR_MODULE_NOT_FOUND'].includes(
    String((error as { readonly code?: unknown } | null)?.code),
  )
}
