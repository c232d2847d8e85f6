/** A report to people and to files, as every command gives it that has one, and the exit code that follows. */
import { json, terminal } from '../../reports/index.js'
import type { ExitCode, Report } from '../report.js'
import { appearanceOf } from './appearance.js'
import type { Context } from './context.js'
import { mostSevere } from './exit.js'
import { reportFailure } from './failure.js'
import { reportOtlp } from './otlp.js'
import type { Output } from './output.js'

export interface PublishFlags {
  readonly coverage?: boolean
  readonly quiet?: boolean
  readonly color?: boolean
}

export interface Outputs {
  readonly json: Output | undefined
  readonly otlp?: Output | undefined
}

export function publish(report: Report, flags: PublishFlags, outputs: Outputs, context: Context): ExitCode {
  const { io } = context
  const sink = outputs.json?.isStdout || outputs.otlp?.isStdout ? io.stderr : io.stdout
  const { coverage = false, quiet = false } = flags
  sink.write(terminal(report, { ...appearanceOf(sink, io.env, flags.color), coverage, quiet }))
  const write = () => {
    outputs.json?.write(json(report))
    if (outputs.otlp) writeTrace(report, outputs.otlp, context)
  }
  return written(write, report.exitCode, context)
}

function writeTrace(report: Report, output: Output, { io }: Context): void {
  const trace = reportOtlp(report)
  if (trace === undefined) io.stderr.write('--otlp: no trial failed, and so no trace was written\n')
  else output.write(trace)
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
