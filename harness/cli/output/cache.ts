/** Where what may be thrown away is kept: below the project's packages, as tools do, or with the system's temporary files. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export function cachePath(cwd: string, name: string): string {
  const modules = join(cwd, 'node_modules')
  if (existsSync(modules)) return join(modules, '.cache', 'agent-chaos', name)
  const folder = createHash('sha256').update(resolve(cwd)).digest('hex').slice(0, 16)
  return join(tmpdir(), `agent-chaos-cache-${folder}`, name)
}
