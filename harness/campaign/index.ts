/**
 * What the command line and the library do with scenario files. Reports are read, merged and compared on modules that are
 * loaded when they are needed: a run that measures nothing would wait for them.
 */
import type { OpenExecutors } from '../contracts/executor.js'
import type { Comparison } from '../contracts/report/comparison.js'
import type { Report } from '../contracts/report/report.js'
import { inspect } from './inspect.js'
import type { ReportFile } from './read-report.js'
import { type ReplayOptions, replayFile } from './replay.js'
import { type CampaignOptions, runCampaign } from './run.js'
import type { InspectOptions } from './single.js'

export type { Examination } from './examine.js'
export type { ScenarioListing } from './inspect.js'
export type { ReportFile } from './read-report.js'
export type { Replay } from './replay.js'
export type { CampaignOptions, RunProgress } from './run.js'
export type { InspectOptions } from './single.js'

export type Campaign = ReturnType<typeof campaignOn>

/** All of it, on what runs trials: in processes of this machine, or wherever the composition root has them. */
export function campaignOn(openExecutors: OpenExecutors) {
  return {
    runCampaign: (options: CampaignOptions) => runCampaign(openExecutors, options),
    inspect: (file: string, options: InspectOptions) => inspect(openExecutors, file, options),
    examine: async (file: string, options: InspectOptions) =>
      (await import('./examine.js')).examine(openExecutors, file, options),
    replayFile: (file: string, options: ReplayOptions) => replayFile(openExecutors, file, options),
    readReport,
    readKnown,
    readFailures,
    journals,
    mergeReports,
    compareReports,
  }
}

/** As `readReport` of its own module does; without secrets, for it may have been written where they were none. */
export async function readReport(file: string, cwd: string): Promise<ReportFile> {
  const { readReport } = await import('./read-report.js')
  const { Redactor } = await import('./redact.js')
  return new Redactor().guard(async () => readReport(file, cwd))
}

/** What is known before a run, and the text of the file after it. */
export async function readKnown(file: string, cwd: string) {
  const { knownText, readKnown } = await import('./known.js')
  const { resolve } = await import('node:path')
  const before = readKnown(resolve(cwd, file), file, true)
  return { textAfter: (report: Report) => knownText(report, before) }
}

/** What failed in earlier runs, nothing where there is no such file, and the text of the file after a run. */
export async function readFailures(file: string, cwd: string) {
  const { failuresText, readFailures } = await import('./remembered.js')
  const { resolve } = await import('node:path')
  const failures = readFailures(resolve(cwd, file), file)
  return { failures, textAfter: (report: Report) => failuresText(report, failures ?? []) }
}

/** What trials came to, kept while they run. */
export async function journals() {
  const { Journal, writerOf } = await import('./journal/journal.js')
  return { begin: Journal.begin, resume: Journal.resume, writerOf }
}

/** As `mergeReports` of its own module does. */
export async function mergeReports(files: readonly ReportFile[], version: string): Promise<Report> {
  return (await import('./merge.js')).mergeReports(files, version)
}

/** As `compareReports` of its own module does. */
export async function compareReports(base: ReportFile, head: ReportFile): Promise<Comparison> {
  return (await import('./compare.js')).compareReports(base, head)
}
