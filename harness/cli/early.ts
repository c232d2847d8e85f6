/** Starts what a command will surely need, while the rest of the command line is loaded. */
import { memoryMaxDefaultMb } from '../contracts/memory.js'
import { startEarly } from '../executors/workers/early.js'

/** Of the commands that run trials at once: where the agent's own output goes. */
const outputs: ReadonlyMap<string, 'discard' | 'show'> = new Map([
  ['run', 'discard'],
  ['list', 'discard'],
  ['replay', 'show'],
])

/** With these nothing runs, or it runs elsewhere. */
const elsewhere = /^(-h|--help|--queue(=.*)?)$/

/** `args` are those of the command line. What cannot be started now is reported when it is needed. */
export function startFor([command = '', ...args]: readonly string[]): void {
  const output = outputs.get(command)
  if (output === undefined || args.some((arg) => elsewhere.test(arg))) return
  try {
    startEarly({ memoryMax: memoryMaxDefaultMb, output })
  } catch {}
}
