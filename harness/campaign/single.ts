/** One scenario opened for one purpose, in one worker, and closed again whatever happens. */
import { Processes } from '../executors/workers/executor.js'
import type { ScenarioSource } from '../executors/workers/protocol.js'
import { WorkerPool } from '../executors/workers/worker-pool.js'
import { runDefaults } from './defaults.js'

export interface InspectOptions {
  readonly cwd: string
  readonly seed: number
  readonly trialTimeoutMs: number
  readonly memoryMbMax?: number
  /** The configuration file whose providers and endpoints hold, absolute. */
  readonly config?: string | undefined
}

export async function withExecutor<T>(
  source: ScenarioSource,
  { trialTimeoutMs, config, memoryMbMax = runDefaults.memoryMbMax }: InspectOptions,
  output: 'discard' | 'show',
  use: (executor: Processes) => Promise<T>,
): Promise<T> {
  const pool = new WorkerPool({ trialTimeoutMs, memoryMbMax, output, config })
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
}
