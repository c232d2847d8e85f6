/** How the process of a worker is started: with which of V8's flags, in which group, and with which pipes. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

interface StartOptions {
  readonly memoryMbMax: number
  readonly output: 'discard' | 'show'
}

/** `memoryMbMax` bounds the heap; the agent's own output goes nowhere, or to this process's standard error. */
export function startWorker({ memoryMbMax, output }: StartOptions): ChildProcess {
  const sink = output === 'show' ? 2 : 'ignore'
  return spawn(
    process.execPath,
    [
      `--max-old-space-size=${memoryMbMax}`,
      // Each step of virtual time waits for V8's background work: without threads for it there is none to wait for, and
      // a trial's garbage dies young in a larger nursery. Together they take a quarter off a trial.
      '--v8-pool-size=0',
      '--max-semi-space-size=32',
      fileURLToPath(new URL('./worker.js', import.meta.url)),
    ],
    {
      // A group of its own, so that what the agent starts can be ended with it.
      detached: true,
      // The last two are `requestsFd` and `answersFd`.
      stdio: ['ignore', sink, output === 'show' ? 2 : 'pipe', 'pipe', 'pipe'],
    },
  )
}
