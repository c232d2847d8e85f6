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

export function publish(report: Report, flags: PublishFlags, output: Output | undefined, context: Context): ExitCode {
  const { io } = context
  const sink = output?.isStdout ? io.stderr : io.stdout
  const { coverage = false, quiet = false } = flags
  sink.write(terminal(report, { ...appearanceOf(sink, io.env, flags.color), coverage, quiet }))
  return written(() => output?.write(json(report)), report.exitCode, context)
}

/** The exit code after `write`: that which was found, unless it cannot be written and nothing graver was found. */
export function written(write: () => void, exitCode: ExitCode, context: Context): ExitCode {
  try {
    write()
  } catch (error) {
    return mostSevere(exitCode, reportFailure(error, context))
  }
  return exitCode
}
