/**
 * Processes that the agent starts carry a mark in their environment, in sessions of their own too. By it whoever started this
 * process finds them when it is over. The agent's own environment is without it.
 */
import childProcess, { ChildProcess } from 'node:child_process'
import type { Callable, Patches } from './patches.js'

/** Its value is what this process was started with; without one nothing is marked. */
export const markName = 'AGENT_CHAOS_WORKER'

const { [markName]: mark } = process.env
delete process.env[markName]

export function stubChildren(patches: Patches): void {
  if (mark === undefined) return
  patches.replace(
    ChildProcess.prototype,
    'spawn',
    (original) =>
      function spawn(this: unknown, ...args) {
        const options = args[0] as { readonly envPairs?: string[] } | undefined
        options?.envPairs?.push(`${markName}=${mark}`)
        return original.apply(this, args)
      },
  )
  for (const name of ['spawnSync', 'execSync', 'execFileSync']) patches.replace(childProcess, name, marking)
}

/** These read the environment when they are called, if they are not given one. */
function marking(original: Callable): Callable {
  return function run(this: unknown, ...args) {
    const marked = args.map((arg) => (hasEnvironment(arg) ? { ...arg, env: { ...arg.env, [markName]: mark } } : arg))
    process.env[markName] = mark
    try {
      return original.apply(this, marked)
    } finally {
      delete process.env[markName]
    }
  }
}

function hasEnvironment(arg: unknown): arg is { readonly env: object } {
  return typeof arg === 'object' && arg !== null && typeof Reflect.get(arg, 'env') === 'object' && arg !== null
}
