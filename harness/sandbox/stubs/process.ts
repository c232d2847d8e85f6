/** `process.exit` and the global `fetch`: the two ways out of a trial that are the trial's to answer. */
import { shared } from '../shared.js'
import type { Patches } from './patches.js'

/** `process.reallyExit` stays as it is: it is what Node itself ends the process with. */
export function stubProcess(patches: Patches): void {
  patches.replace(
    process,
    'exit',
    (original) =>
      function exit(this: unknown, code) {
        if (!shared.ambient) return original.call(process, code)
        return shared.ambient.exit(Number(code ?? process.exitCode ?? 0))
      },
  )
  patches.replace(
    globalThis,
    'fetch',
    (original) =>
      function fetch(this: unknown, input, init) {
        const trial = shared.ambient
        return trial ? trial.fetch(input as string, init as RequestInit) : original.call(this, input, init)
      },
  )
}
