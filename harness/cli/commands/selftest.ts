/** `agent-chaos selftest`: whether the harness finds what is wrong and leaves alone what is right. */
import { resolve } from 'node:path'
import { selftest as selftestText } from '../../../reports/terminal/selftest.js'
import { UserError } from '../../contracts/errors.js'
import type { FlagsOf } from '../../contracts/options/derived.js'
import type { ExitCode } from '../../contracts/report/report.js'
import type { SelftestReport } from '../../contracts/report/selftest-report.js'
import type { Selftest } from '../../selftest/index.js'
import type { Context } from '../context.js'
import { interruptible } from '../interrupt.js'
import { discover, nothingFound } from '../options/discover.js'
import { appearanceOf } from '../output/appearance.js'
import { type Output, openOutput } from '../output/output.js'
import { writeAll } from '../output/publish.js'
import { progressLine } from '../progress/progress.js'
import { selftestWording } from '../progress/selftest-progress.js'

type SelftestFlags = FlagsOf<'selftest'>

export async function selftest(paths: readonly string[], flags: SelftestFlags, context: Context): Promise<ExitCode> {
  const machine = await context.selftest()
  const files = await filesOf(paths, machine, context)
  const output = flags.json === undefined ? undefined : openOutput('--json', flags.json, context.io)
  return publish(await selftestReport(files, flags, machine, context), flags, output, context)
}

async function filesOf(paths: readonly string[], machine: Selftest, { io }: Context): Promise<readonly string[]> {
  if (paths.length === 0) {
    refuseMissing(machine.missingPackages())
    return machine.shippedFiles()
  }
  const named = paths.flatMap((path) => machine.shippedIn(resolve(io.cwd, path)) ?? [path])
  const found = await discover({ paths: named, from: undefined }, io.cwd)
  const nothing = nothingFound(found)
  if (nothing !== undefined) throw new UserError(nothing)
  return found.files
}

/** All at once and before anything is run. */
function refuseMissing(missing: readonly string[]): void {
  if (missing.length === 0) return
  const command = `npm install --save-dev ${missing.map((each) => `'${each}'`).join(' ')}`
  throw new UserError(
    `the agents of the selftest need packages, or versions of them, that are not installed: ${command}`,
  )
}

async function selftestReport(
  files: readonly string[],
  flags: SelftestFlags,
  { runSelftest }: Selftest,
  { io }: Context,
): Promise<SelftestReport> {
  const progress = progressLine(io, selftestWording, { quiet: flags.quiet, count: undefined })
  const interrupt = interruptible(io)
  try {
    const report = await runSelftest({
      ...flags,
      files,
      cwd: io.cwd,
      signal: interrupt.signal,
      onProgress: progress.onProgress,
    })
    return refuseEmpty(report, flags)
  } finally {
    interrupt.dispose()
    progress.stop()
  }
}

/** A selftest that tested nothing is a mistake. */
function refuseEmpty(report: SelftestReport, { grep }: SelftestFlags): SelftestReport {
  const { bugs, agents, failures, interrupted } = report
  if (grep === undefined || interrupted || bugs.length + agents.length + failures.length > 0) return report
  throw new UserError(`no scenario's name contains ${JSON.stringify(grep)}, which --grep asks for`)
}

function publish(
  report: SelftestReport,
  flags: SelftestFlags,
  output: Output | undefined,
  context: Context,
): Promise<ExitCode> {
  const { io } = context
  const sink = output?.isStdout ? io.stderr : io.stdout
  sink.write(selftestText(report, { ...appearanceOf(sink, io.env, flags.color), quiet: flags.quiet }))
  return writeAll([() => output?.write(`${JSON.stringify(report, null, 2)}\n`)], report.exitCode, context)
}
