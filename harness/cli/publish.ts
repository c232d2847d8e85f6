/** A report to people and to a file, as every command gives it that has one, and the exit code that follows. */
import { json, terminal } from '../../reports/index.js'
import type { ExitCode, Report } from '../report.js'
import { appearanceOf } from './appearance.js'
import type { Context } from './context.js'
import { mostSevere } from './exit.js'
import { reportFailure } from './failure.js'
import type { Output } from './output.js'

export interface PublishFlags {
  readonly coverage?: boolean
  readonly quiet?: boolean
  readonly color?: boolean
}

/** Where the file cannot be written in the end, what was found still counts. */
export function publish(report: Report, flags: PublishFlags, output: Output | undefined, context: Context): ExitCode {
  const { io } = context
  const sink = output?.isStdout ? io.stderr : io.stdout
  const { coverage = false, quiet = false } = flags
  sink.write(terminal(report, { ...appearanceOf(sink, io.env, flags.color), coverage, quiet }))
  try {
    output?.write(json(report))
  } catch (error) {
    return mostSevere(report.exitCode, reportFailure(error, context))
  }
  return report.exitCode
}
