/** A report to people and to a file, as every command gives it that has one, and the exit code that follows. */
import { terminal } from '../../../reports/terminal/terminal.js'
import type { FlagsOf } from '../../contracts/options/derived.js'
import type { ExitCode, Report } from '../../contracts/report/report.js'
import type { Context } from '../context.js'
import { appearanceOf } from './appearance.js'
import { mostSevere } from './exit.js'
import { reportFailure, tellPage } from './failure.js'
import { debuggingPage, pageOfInvariant, type UsageMistake } from './pages.js'
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
  if (!quiet) tellNext(report, context)
  return writeAll(reportWrites(opened, report), report.exitCode, context)
}

function tellNext(report: Report, context: Context): void {
  const about = nextPage(report)
  if (about !== undefined) tellPage(about, context)
}

/** For the gravest of what is to be done: what could not be run, does not work by itself, or is violated. */
function nextPage({ failures, scenarios }: Report): string | UsageMistake | undefined {
  const unusable = failures.find(({ kind }) => kind === 'usage')
  if (unusable) return { where: unusable.environment.where, message: unusable.message }
  if (scenarios.some(({ verdict }) => verdict === 'broken' || verdict === 'misconfigured')) return debuggingPage
  const violation = scenarios.filter(({ canary }) => canary === null).flatMap(({ violations }) => violations)[0]
  return violation && pageOfInvariant(violation.invariant)
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
