/** What a selftest is asked to do, and what it tells of its progress. */

import type { FlagsOf } from '../contracts/options/derived.js'
import type { AgentReport, BugReport } from '../contracts/report/selftest-report.js'
import type { SearchPhase } from '../search/options.js'

/** What the command takes, settled, without how it is to be shown. */
export interface SelftestRunOptions extends Omit<FlagsOf<'selftest'>, 'json' | 'quiet' | 'color'> {
  /** Absolute paths of scenario files: canaries are searched for their bugs, all others are taken to be correct. */
  readonly files: readonly string[]
  readonly cwd: string
  /** Trials of all correct agents together, repaired canaries included, at least one each; 0: none is tried. */
  readonly trials: number
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
