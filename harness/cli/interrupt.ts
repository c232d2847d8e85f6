/**
 * Ctrl-C, and what else ends a process. The first one asks the run to end and to report what it has. The second one
 * ends the process at once.
 */
import type { Io } from './context.js'
import { exits } from './output/exit.js'

export const interruptedText = '\ninterrupted: reporting what there is; once more ends it at once\n'

export interface Interrupt {
  readonly signal: AbortSignal
  /** From here on Ctrl-C does again what it does by default. */
  dispose(): void
}

export function interruptible(io: Io): Interrupt {
  const controller = new AbortController()
  const dispose = io.onInterrupt(() => {
    if (controller.signal.aborted) {
      io.kill(exits.interrupted)
      return
    }
    io.stderr.write(interruptedText)
    controller.abort()
  })
  return { signal: controller.signal, dispose }
}
