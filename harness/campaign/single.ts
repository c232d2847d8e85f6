/** One scenario opened for one purpose, in one worker, and closed again whatever happens. */
import { Processes } from '../executors/workers/executor.js'
import type { ScenarioSource } from '../executors/workers/protocol.js'
import { WorkerPool } from '../executors/workers/worker-pool.js'
import { runDefaults } from './defaults.js'
import { Redactor } from './redact.js'

export interface InspectOptions {
  readonly cwd: string
  readonly seed: number
  readonly trialTimeoutMs: number
  readonly memoryMbMax?: number
}

/** Neither what `use` gives nor what is thrown holds a secret. */
export function withExecutor<T>(
  source: ScenarioSource,
  { trialTimeoutMs, memoryMbMax = runDefaults.memoryMbMax }: InspectOptions,
  output: 'discard' | 'show',
  use: (executor: Processes) => Promise<T>,
): Promise<T> {
  const redactor = new Redactor()
  const pool = new WorkerPool({ trialTimeoutMs, memoryMbMax, output, onSecrets: redactor.learn })
  return redactor.guard(async () => {
    try {
      const executor = await Processes.open({ source, workers: () => 1, pool })
      try {
        return await use(executor)
      } finally {
        executor.close()
      }
    } finally {
      pool.close()
    }
  })
}
