/** How every scenario file did when it was run last: what failed comes first, and the exit code is that of all of them. */
import { resolve } from 'node:path'
import { exitCodeOf, runVerdict } from '../../campaign/verdict.js'
import type { ExitCode, Report } from '../../report.js'
import { exits, mostSevere } from '../exit.js'

export class Standing {
  readonly #codes = new Map<string, ExitCode>()
  #last: ExitCode = exits.passed

  /** What a run found out, of the files that it got to. */
  note({ scenarios, failures }: Report, cwd: string): void {
    for (const scenario of scenarios) {
      const code = exitCodeOf(runVerdict([scenario], [], false))
      this.#codes.set(resolve(cwd, scenario.environment.file), code)
    }
    for (const failure of failures) {
      this.#codes.set(resolve(cwd, failure.environment.file), exitCodeOf(runVerdict([], [failure], false)))
    }
  }

  /** How the last run ended: it may have been interrupted, or its report could not be written. */
  end(code: ExitCode): void {
    this.#last = code
  }

  /** No file counts any more but these. */
  keep(files: readonly string[]): void {
    for (const file of this.#codes.keys()) if (!files.includes(file)) this.#codes.delete(file)
  }

  /** Those of the files that did not pass, in their order. */
  failed(files: readonly string[]): string[] {
    return files.filter((file) => (this.#codes.get(file) ?? exits.passed) !== exits.passed)
  }

  failedFirst(files: readonly string[]): string[] {
    const failed = this.failed(files)
    return [...failed, ...files.filter((file) => !failed.includes(file))]
  }

  /** 0 only where the last run ended well and every scenario passed when it was run last. */
  get exitCode(): ExitCode {
    return [...this.#codes.values()].reduce<ExitCode>(mostSevere, this.#last)
  }
}
