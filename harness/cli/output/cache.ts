/** Where what may be thrown away is kept: below the project's packages, as tools do, or with the system's temporary files. */
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { shortDigest } from '../../contracts/digest.js'

export function cachePath(cwd: string, name: string): string {
  const modules = join(cwd, 'node_modules')
  if (existsSync(modules)) return join(modules, '.cache', 'agent-chaos', name)
  return join(tmpdir(), `agent-chaos-cache-${shortDigest(resolve(cwd))}`, name)
}
