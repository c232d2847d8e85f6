/** Starts what a command will surely need, while the rest of the command line is loaded. */
import { availableParallelism } from 'node:os'
import { memoryMaxDefaultMb } from '../contracts/memory.js'
import { startEarly, startedAtOnceMax } from '../executors/workers/early.js'

/** Of the commands that run trials at once: where the agent's own output goes. */
const outputs: ReadonlyMap<string, 'discard' | 'show'> = new Map([
  ['run', 'discard'],
  ['list', 'discard'],
  ['replay', 'show'],
])

/** With these nothing runs, or it runs elsewhere. */
const elsewhere = /^(-h|--help|--queue(=.*)?)$/

/** `args` are those of the command line. What cannot be started now is reported when it is needed. */
export function startFor([command = '', ...args]: readonly string[], cores: number = availableParallelism()): void {
  const output = outputs.get(command)
  if (output === undefined || args.some((arg) => elsewhere.test(arg))) return
  // The command line is being loaded on a core of its own.
  const idle = Math.max(1, Math.min(startedAtOnceMax, cores - 1))
  try {
    startEarly({ memoryMax: memoryMaxDefaultMb, output }, command === 'run' ? Math.min(idle, workersIn(args)) : 1)
  } catch {}
}

/** How many are asked for; what is no number of them is refused later. */
function workersIn(args: readonly string[]): number {
  const at = args.findIndex((arg) => /^--workers(=|$)/.test(arg))
  const given = args[at]?.split('=')[1] ?? args[at + 1]
  return at < 0 ? startedAtOnceMax : Math.max(1, Math.floor(Number(given)) || 1)
}
