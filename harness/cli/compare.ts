/** `agent-chaos compare`: whether a later run is worse than an earlier one, and in what. */
import { comparison } from '../../reports/comparison.js'
import { printed } from '../../reports/json.js'
import type { ExitCode } from '../report.js'
import { appearanceOf } from './appearance.js'
import type { Context } from './context.js'
import { openOutput } from './output.js'
import { written } from './publish.js'

/** The options of `compare` as commander parsed them. */
export interface CompareFlags {
  readonly json?: string
  readonly quiet?: boolean
  readonly color?: boolean
}

export async function compare(base: string, head: string, flags: CompareFlags, context: Context): Promise<ExitCode> {
  const { io } = context
  const output = flags.json === undefined ? undefined : openOutput('--json', flags.json, io)
  try {
    const { compareReports, readReport } = await context.campaign()
    const compared = await compareReports(await readReport(base, io.cwd), await readReport(head, io.cwd))
    const sink = output?.isStdout ? io.stderr : io.stdout
    sink.write(comparison(compared, { ...appearanceOf(sink, io.env, flags.color), quiet: flags.quiet ?? false }))
    return written(() => output?.write(`${printed(compared)}\n`), compared.exitCode, context)
  } finally {
    output?.abandon()
  }
}
