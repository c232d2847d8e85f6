/** What a selftest is asked to do, and what it tells of its progress. */

import type { AgentReport, BugReport } from '../contracts/report/selftest-report.js'
import type { SearchPhase } from '../search/options.js'

export interface SelftestOptions {
  /** Absolute paths of scenario files: canaries are searched for their bugs, all others are taken to be correct. */
  readonly files: readonly string[]
  readonly cwd: string
  readonly seed: number
  /** Worker processes at once, over all files. */
  readonly workers: number
  /** Bound on the search for one bug. */
  readonly trialsMax: number
  /** Trials of all correct agents together, repaired canaries included, at least one each; 0: none is tried. */
  readonly trials: number
  /** Real milliseconds that one trial may take before the watchdog ends it. */
  readonly trialTimeoutMs: number
  readonly memoryMbMax: number
  /** Only scenarios whose name contains it. */
  readonly grep: string | undefined
  /** Begin nothing more after a bug that was not found, or a false alarm. */
  readonly bail: boolean
  /** Aborted: begin nothing more; what was found is reported. */
  readonly signal: AbortSignal
  onProgress(progress: SelftestProgress): void
}

export type SelftestProgress =
  | {
      readonly kind: 'trials'
      readonly name: string
      /** `sample`: trials of a correct agent. */
      readonly phase: SearchPhase | 'sample'
      readonly done: number
      readonly planned: number
    }
  | { readonly kind: 'bug-finished'; readonly report: BugReport }
  | { readonly kind: 'agent-finished'; readonly report: AgentReport }
  | { readonly kind: 'file-failed'; readonly file: string; readonly message: string }
