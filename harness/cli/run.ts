/** `agent-chaos run`: finds scenarios, runs the campaign, and reports. */
import { terminal } from '../../reports/terminal.js'
import { UserError } from '../errors.js'
import type { ExitCode, Report } from '../report.js'
import { appearanceOf } from './appearance.js'
import type { Context } from './context.js'
import { discover, nothingFound } from './discover.js'
import { exits, mostSevere } from './exit.js'
import { reportFailure } from './failure.js'
import { interruptible } from './interrupt.js'
import { progressLine } from './progress.js'
import { type Opened, openReporters, reporterCalled, reportersAsked, writeReports } from './reporters.js'
import { runWording } from './run-progress.js'

/** The options of `run` as commander parsed them. */
export interface RunFlags {
  readonly seed: number
  readonly json?: string
  readonly reporter?: readonly string[]
  readonly workers: number
  readonly trialsMax: number
  readonly random: number
  readonly measure: boolean
  readonly measureTrials: number
  /** Seconds. */
  readonly trialTimeout: number
  /** Megabytes. */
  readonly memoryMax: number
  readonly grep?: string
  readonly bail?: boolean
  readonly passWithNoScenarios?: boolean
  readonly coverage?: boolean
  readonly quiet?: boolean
  readonly color?: boolean
}

export async function run(paths: readonly string[], flags: RunFlags, context: Context): Promise<ExitCode> {
  const found = await discover(paths, context.io.cwd)
  const nothing = nothingFound(found)
  if (nothing !== undefined && !flags.passWithNoScenarios) throw new UserError(nothing)
  const opened = openReporters(asked(flags), context.io)
  try {
    const report = await campaignReport(found.files, flags, context)
    return await publish(checked(report, flags), flags, opened, context)
  } finally {
    for (const { output } of opened) output.abandon()
  }
}

function asked({ json, reporter = [] }: RunFlags) {
  const result = json === undefined ? [] : [{ reporter: reporterCalled('json'), file: json, option: '--json' }]
  return [...result, ...reportersAsked(reporter)]
}

async function campaignReport(files: readonly string[], flags: RunFlags, context: Context): Promise<Report> {
  const { io } = context
  const { runCampaign } = await context.campaign()
  const progress = progressLine(io, runWording, { quiet: flags.quiet ?? false, count: files.length })
  const interrupt = interruptible(io)
  try {
    return await runCampaign({
      files,
      cwd: io.cwd,
      seed: flags.seed,
      workers: flags.workers,
      trialsMax: flags.trialsMax,
      randomPlans: flags.random,
      measure: flags.measure,
      measureTrialsMax: flags.measureTrials,
      trialTimeoutMs: flags.trialTimeout * 1000,
      memoryMbMax: flags.memoryMax,
      grep: flags.grep,
      bail: flags.bail ?? false,
      signal: interrupt.signal,
      onProgress: progress.onProgress,
    })
  } finally {
    interrupt.dispose()
    progress.stop()
  }
}

/** A run that tested nothing is a mistake, unless it was said that it may happen. */
function checked(report: Report, { grep, passWithNoScenarios }: RunFlags): Report {
  const isEmpty = report.scenarios.length === 0 && report.failures.length === 0 && report.verdict !== 'interrupted'
  if (!isEmpty) return report
  if (passWithNoScenarios) return { ...report, verdict: 'passed', exitCode: exits.passed }
  if (grep === undefined) return report
  throw new UserError(`no scenario's name contains ${JSON.stringify(grep)}, which --grep asks for`)
}

async function publish(
  report: Report,
  flags: RunFlags,
  opened: readonly Opened[],
  context: Context,
): Promise<ExitCode> {
  const { io } = context
  const sink = opened.some(({ output }) => output.isStdout) ? io.stderr : io.stdout
  const { coverage = false, quiet = false } = flags
  sink.write(terminal(report, { ...appearanceOf(sink, io.env, flags.color), coverage, quiet }))
  try {
    await writeReports(opened, report)
  } catch (error) {
    return mostSevere(report.exitCode, reportFailure(error, context))
  }
  return report.exitCode
}
