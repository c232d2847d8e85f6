/** `agent-chaos run`: finds scenarios, runs the campaign, and reports. */
import { resolve } from 'node:path'
import { isUserError, UserError } from '../../contracts/errors.js'
import type { FlagsOf } from '../../contracts/options/derived.js'
import type { ExitCode, Report } from '../../contracts/report/report.js'
import type { Context } from '../context.js'
import { interruptible } from '../interrupt.js'
import { discover, howToBegin, nothingFound, type Paths } from '../options/discover.js'
import { exits, mostSevere } from '../output/exit.js'
import { openFailures, rememberedIn } from '../output/failures-file.js'
import { closeJournal, openJournal, type RunJournal } from '../output/journal-file.js'
import { keepFailed, lastFailed } from '../output/last-run.js'
import { openOutput } from '../output/output.js'
import { publish } from '../output/publish.js'
import { openReporters, progressStyleOf, selectReporters } from '../output/reporters.js'
import { connectQueue, type RunQueue } from '../output/run-queue.js'
import { progressLine } from '../progress/progress.js'
import { runWording, wordingWith } from '../progress/run-progress.js'

export type RunFlags = FlagsOf<'run'>

export async function run(paths: Paths, flags: RunFlags, context: Context): Promise<ExitCode> {
  refuseUndividable(flags)
  refuseUnwritten(flags)
  refuseElsewhere(flags)
  const found = await discover(paths, context.io.cwd)
  const nothing = nothingFound(found)
  if (nothing !== undefined && !flags.passWithNoScenarios) throw new UserError(`${nothing}. ${howToBegin}`)
  const keepFailures = flags.shard === undefined ? await openFailures(flags.failures, context) : undefined
  const interrupt = interruptible(context.io)
  const files = filesOf(found.files, flags, context)
  const connected = await connectQueue(flags, context)
  let [journal, queue]: [RunJournal | undefined, RunQueue | undefined] = [undefined, undefined]
  const isCutOff = () => interrupt.signal.aborted || queue?.signal.aborted === true
  try {
    journal = await openJournal(files, flags, context)
    queue = await connected?.lead(files)
    return await runFiles(
      files,
      flags,
      context,
      queue ? AbortSignal.any([interrupt.signal, queue.signal]) : interrupt.signal,
      async (report, publishing) => {
        const shown = refuseEmpty(report, flags)
        if (flags.shard === undefined) keepFailed(report, context.io.cwd)
        const isKept = writes(() => keepFailures?.(report), context.io)
        return unlessLost(isKept, await publishing(shown))
      },
      journal,
      queue,
    )
  } finally {
    interrupt.dispose()
    closeJournal(journal, isCutOff(), context.io)
    await queue?.end()
    await connected?.close()
  }
}

/** All of them, or what did not pass last time. */
function filesOf(files: readonly string[], { lastFailed: isAsked }: RunFlags, { io }: Context): readonly string[] {
  if (!isAsked) return files
  const failed = lastFailed(files, io.cwd)
  if (failed.length > 0) return failed
  io.stderr.write('agent-chaos: none of these failed when it was run here last: all are run\n')
  return files
}

/** One run of these files; `tell` gives its report out by the publishing that it is handed, or keeps it to itself. */
export async function runFiles<Outcome>(
  files: readonly string[],
  flags: RunFlags,
  context: Context,
  signal: AbortSignal,
  tell: (report: Report, publishing: (report: Report) => Promise<ExitCode>) => Promise<Outcome>,
  journal?: RunJournal,
  queue?: RunQueue,
): Promise<Outcome> {
  const opened = openReporters(selectReporters(flags, context.reporters), context.io)
  const known = await openKnown(flags, context)
  const found = await campaignReport(files, flags, context, signal, journal, queue)
  const isWritten = writes(() => known?.(found), context.io)
  return tell(found, async (report) => unlessLost(isWritten, await publish(report, flags, opened, context)))
}

/** What cannot be written after all costs no result: it is told of, and the report comes all the same. */
function writes(write: () => void, { stderr }: Context['io']): boolean {
  try {
    write()
    return true
  } catch (error) {
    if (!isUserError(error)) throw error
    stderr.write(`agent-chaos: ${error.message}\n`)
    return false
  }
}

function unlessLost(isWritten: boolean, code: ExitCode): ExitCode {
  return isWritten ? code : mostSevere(code, exits.usage)
}

/** What writes the file of known violations anew once a run is over, where that is asked for. */
async function openKnown(
  { known, updateKnown }: RunFlags,
  { io, campaign }: Context,
): Promise<((report: Report) => void) | undefined> {
  if (known === undefined || !updateKnown) return undefined
  const before = await (await campaign()).readKnown(known, io.cwd)
  const output = openOutput('--known', known, io)
  return (report) => output.write(before.textAfter(report))
}

/** What a run in parts cannot do. */
function refuseUndividable({ shard, bail, gate, queue }: RunFlags): void {
  if (shard === undefined) return
  if (queue !== undefined)
    throw new UserError('--shard and --queue exclude each other: each divides a run among machines')
  // Which scenarios such a shard left out would depend on what it happened to meet.
  if (bail) throw new UserError('--shard and --bail exclude each other: a merge needs whole shards (--no-bail)')
  if (gate === 'sequential') {
    const why = 'when a sequential gate ends depends on every trial before, and a shard has a part of them'
    throw new UserError(`--shard and --gate sequential exclude each other: ${why} (--gate fixed)`)
  }
}

/** Other machines would not know of it. */
function refuseElsewhere({ networkNamespace, queue }: RunFlags): void {
  if (networkNamespace && queue !== undefined)
    throw new UserError('--network-namespace and --queue exclude each other: a queue runs trials on other machines')
}

function refuseUnwritten({ known, updateKnown, shard }: RunFlags): void {
  if (!updateKnown) return
  if (known === undefined) throw new UserError('--update-known writes the file of --known: expected --known FILE too')
  if (shard !== undefined) {
    throw new UserError('--shard and --update-known exclude each other: a shard has seen a part of the trials')
  }
}

async function campaignReport(
  files: readonly string[],
  flags: RunFlags,
  context: Context,
  signal: AbortSignal,
  journal: RunJournal | undefined,
  queue: RunQueue | undefined,
): Promise<Report> {
  const { io } = context
  const { runCampaign } = await context.campaign(queue?.openExecutors)
  const { failures = [] } = journal ? { failures: journal.remembered } : await rememberedIn(flags.failures, context)
  const progress = progressLine(io, queue ? wordingWith(queue.fleetText) : runWording, {
    quiet: flags.quiet,
    count: files.length,
    style: progressStyleOf(flags),
  })
  try {
    return await runCampaign({
      ...flags,
      remembered: failures,
      journal,
      files,
      cwd: io.cwd,
      config: flags.config && resolve(io.cwd, flags.config),
      signal,
      onProgress: progress.onProgress,
    })
  } finally {
    progress.stop()
  }
}

/** A run that tested nothing is a mistake, unless it was said that it may happen. */
export function refuseEmpty(report: Report, { grep, tag, passWithNoScenarios }: RunFlags): Report {
  if (!isEmpty(report)) return report
  if (passWithNoScenarios) return { ...report, verdict: 'passed', exitCode: exits.passed }
  if (tag !== undefined) throw new UserError(`no scenario has a tag that --tag asks for: ${tag.join(', ')}`)
  if (grep === undefined) return report
  throw new UserError(`no scenario's name contains ${JSON.stringify(grep)}, which --grep asks for`)
}

/** Whether nothing was run, and nothing kept it from that. */
export function isEmpty({ scenarios, failures, shard, verdict }: Report): boolean {
  // A shard may have none of its own where there are canaries alone.
  if (shard && shard.scenarios.length > 0) return false
  return scenarios.length === 0 && failures.length === 0 && verdict !== 'interrupted'
}
