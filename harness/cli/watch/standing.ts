/** How every scenario file did when it was run last: what failed comes first, and the exit code is that of all of them. */
import { resolve } from 'node:path'
import { exitCodeOf, runVerdict } from '../../campaign/verdict.js'
import type { ExitCode, Report } from '../../contracts/report/report.js'
import { exits, mostSevere } from '../output/exit.js'

export class Standing {
  readonly #codes = new Map<string, ExitCode>()
  /** What was wrong with the last run beside what its scenarios came to. */
  #beside: ExitCode = exits.passed

  /** How a run of these files ended, and what it reported of those that it got to. */
  note({ scenarios, failures }: Pick<Report, 'scenarios' | 'failures'>, ended: ExitCode, cwd: string): void {
    const codes = [
      ...scenarios.map((one) => [one.environment.file, exitCodeOf(runVerdict([one], [], false))] as const),
      ...failures.map((one) => [one.environment.file, exitCodeOf(runVerdict([], [one], false))] as const),
    ]
    for (const [file, code] of codes) this.#codes.set(resolve(cwd, file), code)
    // It may have been interrupted, or its report could not be written; that is over with the next run.
    this.#beside = codes.some(([, code]) => code === ended) ? exits.passed : ended
  }

  /** There was no run, or none that was reported. */
  noteNone(ended: ExitCode): void {
    this.#beside = ended
  }

  /** No file counts any more but these. */
  keep(files: readonly string[]): void {
    for (const file of this.#codes.keys()) if (!files.includes(file)) this.#codes.delete(file)
  }

  /** Those of the files that did not pass, in their order. */
  failuresIn(files: readonly string[]): string[] {
    return files.filter((file) => (this.#codes.get(file) ?? exits.passed) !== exits.passed)
  }

  failuresFirst(files: readonly string[]): string[] {
    const failed = this.failuresIn(files)
    return [...failed, ...files.filter((file) => !failed.includes(file))]
  }

  /** 0 only where the last run ended well and every scenario passed when it was run last. */
  get exitCode(): ExitCode {
    return [...this.#codes.values()].reduce<ExitCode>(mostSevere, this.#beside)
  }
}
