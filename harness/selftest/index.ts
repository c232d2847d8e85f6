/** What the command line does to test the harness itself. */
import type { OpenExecutors } from '../contracts/executor.js'
import type { SelftestRunOptions } from './options.js'
import { runSelftest } from './selftest.js'
import { missingPackages, shippedFiles, shippedIn } from './shipped.js'

export type { SelftestProgress, SelftestRunOptions } from './options.js'

export type Selftest = ReturnType<typeof selftestOn>

/** All of it, on what runs trials. */
export function selftestOn(openExecutors: OpenExecutors) {
  return {
    runSelftest: (options: SelftestRunOptions) => runSelftest(openExecutors, options),
    missingPackages,
    shippedFiles,
    shippedIn,
  }
}
