/** Executors whose trials run in worker processes, which are kept from one scenario to the next. */
import type { OpenExecutors } from '../../contracts/executor.js'
import { Processes } from './executor.js'
import { WorkerPool } from './worker-pool.js'

export const openWorkers: OpenExecutors = (settings) => {
  const pool = new WorkerPool(settings)
  return {
    open: (source, workers) => Processes.open({ source, workers, pool }),
    close: () => pool.close(),
  }
}
