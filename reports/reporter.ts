/** The contract of a reporter: a pure function from a report to text, and what the command line has to know of it. */
import type { Report } from '../harness/contracts/report/report.js'

/** From a report to text. The same report gives the same bytes. */
export type Render = (report: Report) => string

/** From several reports to one text. */
export type RenderHistory = (reports: readonly Report[]) => string

/** A reporter, as the command line knows it. */
export interface Reporter {
  /** As `--reporter` takes it. */
  readonly name: string
  /** In a line, for `--help`. */
  readonly summary: string
  /** Where it is written unless told otherwise. */
  readonly file: string
  /** Loaded when it is asked for: no command waits for what it does not need. */
  readonly load: () => Promise<Render>
  /** Tells of several results at once, where it can. */
  readonly loadHistory?: () => Promise<RenderHistory>
}
