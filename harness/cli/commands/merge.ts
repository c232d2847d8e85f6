/** `agent-chaos merge`: the reports of all shards of a run as one, and the gate judged over all their trials. */
import type { ExitCode } from '../../contracts/report/report.js'
import type { Context } from '../context.js'
import { type PublishFlags, publish } from '../output/publish.js'
import { asked, openReporters, type ReporterFlags, refuseProgress } from '../output/reporters.js'

/** The options of `merge` as commander parsed them. */
export interface MergeFlags extends PublishFlags, ReporterFlags {}

export async function merge(files: readonly string[], flags: MergeFlags, context: Context): Promise<ExitCode> {
  const { io, version } = context
  refuseProgress(flags)
  const opened = openReporters(asked(flags, context.reporters), io)
  const { mergeReports, readReport } = await context.campaign()
  const reports = await Promise.all(files.map((file) => readReport(file, io.cwd)))
  return publish(await mergeReports(reports, version), flags, opened, context)
}
