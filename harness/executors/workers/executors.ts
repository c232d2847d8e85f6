/** Executors whose trials run in worker processes, which are kept from one scenario to the next. They throw a `UserError` where there can be none. */
import type { OpenExecutors } from '../../contracts/executor.js'
import { Processes } from './executor.js'
import { expectNamespace } from './namespace.js'
import { loadMakers } from './remake.js'
import { WorkerPool } from './worker-pool.js'

export const openWorkers: OpenExecutors = (settings) => {
  if (settings.networkNamespace) expectNamespace()
  const pool = new WorkerPool(settings)
  // Whoever needs them is told why they cannot be loaded.
  loadMakers().catch(() => {})
  return {
    open: (source, workers) => Processes.open({ source, workers, pool }),
    close: () => pool.close(),
  }
}
