/**
 * A network of its own for a process: loopback and nothing else. The kernel holds it there, with all that it starts. A
 * namespace of users comes with it, so that not even root finds the way back into the network outside.
 */
import { spawnSync } from 'node:child_process'
import { UserError } from '../../contracts/errors.js'
import { isSystemError } from '../../contracts/system-error.js'

export interface CommandLine {
  readonly file: string
  readonly args: readonly string[]
}

/** In a namespace loopback is down at first. What was needed to bring it up is given back: the user is who it was. */
const script = `
{ ip link set lo up || ifconfig lo up; } || exit
exec setpriv --inh-caps=-all --ambient-caps=-all -- "$@"
`

/** The command, so that its process is in a network of its own. It keeps its number, its user and its descriptors. */
export function inNamespace({ file, args }: CommandLine): CommandLine {
  const flags = ['--user', '--map-current-user', '--keep-caps', '--net']
  return { file: 'unshare', args: [...flags, '--', 'sh', '-c', script, 'agent-chaos', file, ...args] }
}

/** Throws a `UserError` where this system makes no such network. */
export function expectNamespace(platform: NodeJS.Platform = process.platform): void {
  const refusal =
    platform === 'linux' ? refusalOf(inNamespace({ file: 'true', args: [] })) : `there is none on ${platform}`
  if (refusal !== undefined)
    throw new UserError(`--network-namespace: expected a system that gives a process a network of its own: ${refusal}`)
}

function refusalOf({ file, args }: CommandLine): string | undefined {
  const { status, stderr, error } = spawnSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] })
  if (error) return isSystemError(error) && error.code === 'ENOENT' ? 'there is no unshare (util-linux)' : error.message
  return status === 0 ? undefined : stderr.trim().split('\n').at(-1) || `unshare ended with ${status}`
}
