/** One scenario opened for one purpose, one trial at a time, and closed again whatever happens. */
import type { Executor, OpenExecutors, ScenarioSource } from '../contracts/executor.js'
import { options as table } from '../contracts/options/table.js'
import { Redactor } from './redact.js'

export interface InspectOptions {
  readonly cwd: string
  readonly seed: number
  readonly trialTimeout: number
  /** The configuration file whose providers and endpoints hold, absolute. */
  readonly config?: string | undefined
}

/** Neither what `use` gives nor what is thrown holds a secret. */
export function withExecutor<T>(
  openExecutors: OpenExecutors,
  source: ScenarioSource,
  { trialTimeout, config }: InspectOptions,
  output: 'discard' | 'show',
  use: (executor: Executor) => Promise<T>,
): Promise<T> {
  const redactor = new Redactor()
  const executors = openExecutors({
    trialTimeout,
    memoryMax: table.memoryMax.default,
    config,
    output,
    onSecrets: redactor.learn,
  })
  return redactor.guard(async () => {
    try {
      const executor = await executors.open(source, () => 1)
      try {
        return await use(executor)
      } finally {
        executor.close()
      }
    } finally {
      executors.close()
    }
  })
}
