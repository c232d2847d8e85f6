/** Whether this machine gives a process a network of its own, asked without the code under test. */
import { spawnSync } from 'node:child_process'

/** Why it does not; nothing where it does. */
export function namespaceRefusal(): string | undefined {
  if (process.platform !== 'linux') return `there is none on ${process.platform}`
  const { error, status, stderr } = spawnSync('unshare', ['-rn', 'ip', 'link', 'set', 'lo', 'up'], { encoding: 'utf8' })
  if (error) return error.message
  return status === 0 ? undefined : stderr.trim()
}
