/** `agent-chaos compare`: whether a later run is worse than an earlier one, and in what. */

import { printJson } from '../../../reports/json.js'
import { comparisonMarkdown } from '../../../reports/markdown/comparison.js'
import { comparison } from '../../../reports/terminal/comparison.js'
import { UserError } from '../../contracts/errors.js'
import type { FlagsOf } from '../../contracts/options/derived.js'
import type { ExitCode } from '../../contracts/report/report.js'
import type { Context } from '../context.js'
import { appearanceOf } from '../output/appearance.js'
import { openOutput } from '../output/output.js'
import { writeAll } from '../output/publish.js'

type CompareFlags = FlagsOf<'compare'>

export async function compare(base: string, head: string, flags: CompareFlags, context: Context): Promise<ExitCode> {
  const { io } = context
  if (flags.json === '-' && flags.markdown === '-') {
    throw new UserError('--json and --markdown cannot both go to standard output: name a file for one of them')
  }
  const open = (option: '--json' | '--markdown', file: string | undefined) =>
    file === undefined ? undefined : openOutput(option, file, io)
  const outputs = { json: open('--json', flags.json), markdown: open('--markdown', flags.markdown) }
  const { compareReports, readReport } = await context.campaign()
  const compared = await compareReports(await readReport(base, io.cwd), await readReport(head, io.cwd))
  const sink = outputs.json?.isStdout || outputs.markdown?.isStdout ? io.stderr : io.stdout
  sink.write(comparison(compared, { ...appearanceOf(sink, io.env, flags.color), quiet: flags.quiet ?? false }))
  const writes = [
    () => outputs.json?.write(`${printJson(compared)}\n`),
    () => outputs.markdown?.write(comparisonMarkdown(compared)),
  ]
  return writeAll(writes, compared.exitCode, context)
}
