/** One scenario opened for one purpose, one trial at a time, and closed again whatever happens. */
import type { Debugging } from '../contracts/debugging.js'
import type { OpenExecutor, OpenExecutors } from '../contracts/executor.js'
import { options as table } from '../contracts/options/table.js'
import { sourceOf } from '../define/source.js'
import { Redactor } from './redact.js'

export interface InspectOptions {
  readonly cwd: string
  readonly seed: number
  readonly trialTimeout: number
  /** The configuration file whose providers and endpoints hold, absolute. */
  readonly config?: string | undefined
  /** The trial says what it reads of time and chance that no seed repeats. */
  readonly strict?: boolean | undefined
  /** Processes that run trials have a network of their own. */
  readonly networkNamespace?: boolean | undefined
  /** Processes that run trials wait for a debugger. */
  readonly debugging?: Debugging | undefined
}

/** Neither what `use` gives nor what is thrown holds a secret. */
export function withExecutor<T>(
  openExecutors: OpenExecutors,
  { file, repaired = false }: { readonly file: string; readonly repaired?: boolean | undefined },
  { cwd, trialTimeout, config, strict, networkNamespace, debugging }: InspectOptions,
  output: 'discard' | 'show',
  use: (executor: OpenExecutor) => Promise<T>,
): Promise<T> {
  const redactor = new Redactor()
  const executors = openExecutors({
    root: cwd,
    trialTimeout,
    memoryMax: table.memoryMax.default,
    config,
    strict,
    networkNamespace,
    debugging,
    output,
    onSecrets: redactor.learn,
  })
  return redactor.guard(async () => {
    try {
      const executor = await executors.open({ ...sourceOf(cwd, file), repaired }, () => 1)
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
