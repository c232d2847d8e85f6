/** `agent-chaos report`: makes reports of a result that is there already; nothing is run. */
import { resolve } from 'node:path'
import { UserError } from '../../contracts/errors.js'
import type { ExitCode } from '../../contracts/report/report.js'
import type { Context, Io } from '../context.js'
import { exits } from '../output/exit.js'
import {
  type Asked,
  type Opened,
  openReporters,
  refuseProgress,
  reportersAsked,
  writeReports,
} from '../output/reporters.js'

/** The options of `report` as commander parsed them. */
export interface ReportFlags {
  readonly reporter?: readonly string[]
  readonly output?: string
  readonly open?: boolean
}

export async function report(
  file: string,
  flags: ReportFlags,
  { io, campaign, reporters }: Context,
): Promise<ExitCode> {
  refuseProgress(flags)
  const asked = placed(reportersAsked(flags.reporter ?? ['html'], reporters), flags)
  const page = flags.open ? pageOf(asked) : undefined
  const { report } = await (await campaign()).readReport(file, io.cwd)
  const opened = openReporters(asked, io)
  try {
    await writeReports(opened, report)
  } finally {
    for (const { output } of opened) output.abandon()
  }
  tell(opened, io)
  if (page !== undefined) await show(page, io)
  return exits.passed
}

function placed(asked: readonly Asked[], { output }: ReportFlags): readonly Asked[] {
  const [only] = asked
  if (output === undefined) return asked
  if (only === undefined || asked.length > 1) {
    throw new UserError('--output is for one reporter; of several each has its own, as in --reporter html=report.html')
  }
  return [{ ...only, file: output, option: '--output' }]
}

function pageOf(asked: readonly Asked[]): string {
  const page = asked.find(({ reporter, file }) => reporter.name === 'html' && file !== '-')
  if (page) return page.file
  throw new UserError('--open shows the html report, and none is written to a file')
}

function tell(opened: readonly Opened[], io: Io): void {
  const sink = opened.some(({ output }) => output.isStdout) ? io.stderr : io.stdout
  for (const { reporter, file, output } of opened) if (!output.isStdout) sink.write(`${reporter.name}: ${file}\n`)
}

/** Where nothing is there to open it with, it is written all the same. */
async function show(file: string, io: Io): Promise<void> {
  try {
    await io.open(resolve(io.cwd, file))
  } catch (error) {
    io.stderr.write(`it could not be opened: ${error instanceof Error ? error.message : String(error)}\n`)
  }
}
