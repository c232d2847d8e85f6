/** Files that could not be run, and what is to be fixed. */
import type { FailureReport } from '../../harness/contracts/report/report.js'
import type { Style } from '../drawing/style.js'
import { hang, wrap } from '../drawing/text.js'

/** Expects values that are cleaned. */
export function failures(reports: readonly FailureReport[], style: Style): string[] {
  return reports.flatMap(({ kind, message, environment: { file, where } }) => {
    const why = kind === 'bug' ? ': this is a bug of agent-chaos' : ''
    return [
      ...hang(`${style.marks.bad} `, `${file} could not be run${why}`, style.width).map(style.colors.red),
      ...wrap(kind === 'bug' ? where : `${where}: ${message}`, style.width - 2).map((line) => `  ${line}`.trimEnd()),
    ]
  })
}
