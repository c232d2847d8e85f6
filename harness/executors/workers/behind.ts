/** Whether a trial's process ends behind an earlier trial: by what that has left there, or by somebody else who will not come again. */
import type { Sent } from './errand.js'
import type { WorkerProcess } from './worker-process.js'

/** Runs the trials one after the other in a worker that ran nothing, and ends it. Where that cannot be seen, it does. */
export function endsBehind(worker: WorkerProcess, trials: readonly Sent[]): Promise<boolean> {
  return new Promise((resolve) => {
    let done = 0
    const settle = (ends: boolean) => {
      worker.onDeath = () => {}
      worker.kill()
      resolve(ends)
    }
    worker.onDeath = () => settle(done === trials.length - 1)
    const answer = {
      onDone: () => {
        if (++done === trials.length) settle(false)
      },
      onDrawn: () => {},
      onUnloadable: () => settle(true),
      onCrash: () => settle(true),
    }
    for (const [id, trial] of trials.entries()) worker.send(id, trial, undefined, answer)
  })
}
