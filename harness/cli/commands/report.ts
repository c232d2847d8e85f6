/** `agent-chaos report`: makes reports of a result that is there already, or of several; nothing is run. */
import { resolve } from 'node:path'
import type { Reporter } from '../../../reports/reporter.js'
import { UserError } from '../../contracts/errors.js'
import type { FlagsOf } from '../../contracts/options/derived.js'
import type { ExitCode } from '../../contracts/report/report.js'
import type { Context, Io } from '../context.js'
import { exits } from '../output/exit.js'
import { writeAll } from '../output/publish.js'
import {
  openReporters,
  parseReporters,
  type RequestedReport,
  refuseProgress,
  reportWrites,
} from '../output/reporters.js'

type ReportFlags = FlagsOf<'report'>

export async function report(given: readonly string[], flags: ReportFlags, context: Context): Promise<ExitCode> {
  const { io, reporters } = context
  refuseProgress(flags)
  const asked = placeOutput(parseReporters(flags.reporter ?? ['html'], reporters), flags)
  const page = flags.open ? pageOf(asked) : undefined
  const { readReport } = await context.campaign()
  const reports = await Promise.all(given.map(async (file) => (await readReport(file, io.cwd)).report))
  const [first] = reports
  if (!first) throw new UserError('a result is expected, as run --json wrote it')
  if (reports.length > 1) for (const { reporter } of asked) refuseHistory(reporter, reports.length)
  const opened = openReporters(asked, io)
  const sink = opened.some(({ output }) => output.isStdout) ? io.stderr : io.stdout
  const files: string[] = []
  const writes = reportWrites(opened, reports.length > 1 ? reports : first, ({ reporter, file, output }) => {
    if (output.isStdout) return
    files.push(file)
    sink.write(`${reporter.name}: ${file}\n`)
  })
  const code = await writeAll(writes, exits.passed, context)
  if (page !== undefined && files.includes(page)) await show(page, io)
  return code
}

function refuseHistory({ name, loadHistory }: Reporter, count: number): void {
  if (loadHistory) return
  throw new UserError(
    `--reporter ${name} tells of one result, and ${count} were given; html tells the history of several`,
  )
}

function placeOutput(asked: readonly RequestedReport[], { output }: ReportFlags): readonly RequestedReport[] {
  const [only] = asked
  if (output === undefined) return asked
  if (only === undefined || asked.length > 1) {
    throw new UserError('--output is for one reporter; of several each has its own, as in --reporter html=report.html')
  }
  return [{ ...only, file: output, option: '--output' }]
}

function pageOf(asked: readonly RequestedReport[]): string {
  const page = asked.find(({ reporter, file }) => reporter.name === 'html' && file !== '-')
  if (page) return page.file
  throw new UserError('--open shows the html report, and none is written to a file')
}

/** Where nothing is there to open it with, it is written all the same. */
async function show(file: string, io: Io): Promise<void> {
  try {
    await io.open(resolve(io.cwd, file))
  } catch (error) {
    io.stderr.write(`it could not be opened: ${error instanceof Error ? error.message : String(error)}\n`)
  }
}
