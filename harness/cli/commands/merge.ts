/** `agent-chaos merge`: the reports of all shards of a run as one, and the gate judged over all their trials. */
import type { FlagsOf } from '../../contracts/options/derived.js'
import type { ExitCode } from '../../contracts/report/report.js'
import type { Context } from '../context.js'
import { publish } from '../output/publish.js'
import { openReporters, refuseProgress, selectReporters } from '../output/reporters.js'

export async function merge(files: readonly string[], flags: FlagsOf<'merge'>, context: Context): Promise<ExitCode> {
  const { io, version } = context
  refuseProgress(flags)
  const opened = openReporters(selectReporters(flags, context.reporters), io)
  const { mergeReports, readReport } = await context.campaign()
  const reports = await Promise.all(files.map((file) => readReport(file, io.cwd)))
  return publish(await mergeReports(reports, version), flags, opened, context)
}
