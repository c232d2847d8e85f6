/** A report to people and to a file, as every command gives it that has one, and the exit code that follows. */
import { terminal } from '../../../reports/terminal/terminal.js'
import type { ExitCode, Report } from '../../contracts/report/report.js'
import type { Context } from '../context.js'
import { appearanceOf } from './appearance.js'
import { mostSevere } from './exit.js'
import { reportFailure } from './failure.js'
import { type Opened, writeReports } from './reporters.js'

export interface PublishFlags {
  readonly coverage?: boolean
  readonly quiet?: boolean
  readonly verbose?: boolean
  readonly color?: boolean
}

export async function publish(
  report: Report,
  flags: PublishFlags,
  opened: readonly Opened[],
  context: Context,
): Promise<ExitCode> {
  const { io } = context
  const sink = opened.some(({ output }) => output.isStdout) ? io.stderr : io.stdout
  const { coverage, quiet, verbose } = flags
  const extent = { ...(coverage && { coverage }), ...(quiet && { quiet }), ...(verbose && { verbose }) }
  sink.write(terminal(report, { ...appearanceOf(sink, io.env, flags.color), ...extent }))
  return written(() => writeReports(opened, report), report.exitCode, context)
}

/** The exit code after `write`: that which was found, unless it cannot be written and nothing graver was found. */
export async function written(write: () => unknown, exitCode: ExitCode, context: Context): Promise<ExitCode> {
  try {
    await write()
  } catch (error) {
    return mostSevere(exitCode, reportFailure(error, context))
  }
  return exitCode
}
