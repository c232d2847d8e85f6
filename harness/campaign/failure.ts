/** A file that could not be run, as it stands in a report. */
import { isUserError } from '../contracts/errors.js'
import type { FailureReport } from '../contracts/report/report.js'
import { shorten } from '../contracts/shown-path.js'
import { shortageOf } from '../contracts/system-error.js'

/** The user's to fix, or a bug of ours: either way it costs this file and no other. */
export function failureOf(error: unknown, file: string, cwd: string): FailureReport {
  if (isUserError(error)) {
    return { kind: 'usage', message: error.message, environment: { file, where: shorten(error.where, cwd) ?? file } }
  }
  const shortage = shortageOf(error)
  if (shortage !== undefined) return { kind: 'usage', message: shortage, environment: { file, where: file } }
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  return { kind: 'bug', message, environment: { file, where: stack ?? file } }
}
