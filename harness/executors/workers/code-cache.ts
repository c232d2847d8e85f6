/**
 * What V8 has compiled is kept for the processes that follow, where Node can do that (22.10 and later). A run starts several,
 * and each compiles the same modules. It imports nothing of ours, for it comes before everything else.
 */
import { lstatSync, mkdirSync, type Stats } from 'node:fs'
import node from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface CodeCache {
  enableCompileCache?(folder: string): unknown
  flushCompileCache?(): void
}

// Captured before an agent may replace them.
const { enableCompileCache, flushCompileCache } = node as CodeCache

/** The user's modules are there too, as they were compiled. */
export const compiledFolder = join(tmpdir(), 'agent-chaos-compiled')

/**
 * From now on what was kept is used. V8 takes only what was compiled with the same flags, so each kind of process has its own.
 * Where nothing can be kept each process compiles for itself; in CI too, where the next job would not find it.
 */
export function useKeptCode(of: 'command' | 'worker'): void {
  if (!enableCompileCache || process.env.CI) return
  const folder = join(compiledFolder, of)
  const folders = [compiledFolder, folder]
  try {
    for (const each of folders) mkdirSync(each, { recursive: true, mode: 0o700 })
    if (folders.every((each) => isOurs(lstatSync(each)))) enableCompileCache(folder)
  } catch {}
}

/** Node does this when a process ends by itself, and a worker is ended. */
export function keepCode(): void {
  flushCompileCache?.()
}

/** What somebody else has put there is not run. */
export function isOurs({ uid }: Stats): boolean {
  return uid === (process.getuid?.() ?? 0)
}
