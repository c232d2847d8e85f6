/** What is told of a worker that could not be started, that ended while it loaded a file, or that is broken itself. */
import { UserError } from '../../contracts/errors.js'
import { isSystemError, shortageIn, shortageOf } from '../../contracts/system-error.js'
import type { KilledWhy } from '../../contracts/trace.js'
import { node } from './start-worker.js'

/** Loading may compile and import a lot; it is bounded, so that a file that never ends loading is told of. */
export const loadTimeoutMs = 60_000

export function notStarted(error: Error): Error {
  const isMissing = isSystemError(error) && error.code === 'ENOENT'
  if (isMissing)
    return new UserError(`a worker process cannot be started: there is no ${node} (Node 20.20 or later runs it)`)
  const shortage = shortageOf(error)
  return shortage === undefined ? error : new UserError(`a worker process cannot be started: ${shortage}`)
}

export function whileLoading(why: KilledWhy, status: number | string | null, stderr: string): string {
  const shortage = shortageIn(stderr)
  if (shortage !== undefined) return `the scenario cannot be run: ${shortage}`
  const reasons: { readonly [W in KilledWhy]?: string } = {
    memory: 'it took more memory than it may while it was loaded',
    died: `its process ended while it was loaded (${status})`,
  }
  const reason = reasons[why] ?? `it was not loaded within ${loadTimeoutMs / 1000} s`
  const last = stderr.trim().split('\n').at(-1)
  return `the scenario cannot be run: ${reason}${last ? `: ${last}` : ''}`
}

export function bug(stack: string): Error {
  return Object.assign(new Error(stack.split('\n')[0] ?? 'worker failed'), { stack })
}
