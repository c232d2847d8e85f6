/** A report to people and to a file, as every command gives it that has one, and the exit code that follows. */
import { terminal } from '../../../reports/terminal/terminal.js'
import type { FlagsOf } from '../../contracts/options/derived.js'
import type { ExitCode, Report } from '../../contracts/report/report.js'
import type { Context } from '../context.js'
import { appearanceOf } from './appearance.js'
import { mostSevere } from './exit.js'
import { reportFailure } from './failure.js'
import { type OpenedReporter, reportWrites } from './reporters.js'

type PublishFlags = Partial<Pick<FlagsOf<'run'>, 'coverage' | 'quiet' | 'verbose' | 'color'>>

export async function publish(
  report: Report,
  flags: PublishFlags,
  opened: readonly OpenedReporter[],
  context: Context,
): Promise<ExitCode> {
  const { io } = context
  const sink = opened.some(({ output }) => output.isStdout) ? io.stderr : io.stdout
  const { coverage, quiet, verbose } = flags
  const extent = { ...(coverage && { coverage }), ...(quiet && { quiet }), ...(verbose && { verbose }) }
  sink.write(terminal(report, { ...appearanceOf(sink, io.env, flags.color), ...extent }))
  return writeAll(reportWrites(opened, report), report.exitCode, context)
}

/**
 * The exit code after all of `writes`: that which was found, unless one of them fails and nothing graver was found. Each is
 * tried, and each that fails is reported.
 */
export async function writeAll(
  writes: readonly (() => unknown)[],
  exitCode: ExitCode,
  context: Context,
): Promise<ExitCode> {
  let code = exitCode
  for (const write of writes) {
    try {
      await write()
    } catch (error) {
      code = mostSevere(code, reportFailure(error, context))
    }
  }
  return code
}
