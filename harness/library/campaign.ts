/** Scenario files, as the command line runs them, called from code. */
import { type OptionsOf, settledOn } from '../contracts/options/derived.js'
import type { Report } from '../contracts/report/report.js'
import { checkOptions } from '../define/options.js'

/** What `runCampaign` takes. `docs/options.md` tells every option. */
export type CampaignSettings = OptionsOf<'runCampaign'>

/**
 * Runs scenario files in worker processes, as the command line does, and resolves to the report. It reads no configuration
 * file: what the caller leaves out is as `agent-chaos run --no-config` would have it. Rejects with a `UserError` for an option
 * that is wrong.
 */
export async function runCampaign(settings: CampaignSettings): Promise<Report> {
  checkOptions('runCampaign', settings)
  const { campaignOn } = await import('../campaign/index.js')
  const { openWorkers } = await import('../executors/workers/executors.js')
  const { availableParallelism } = await import('node:os')
  const { resolve } = await import('node:path')
  const {
    openExecutors = openWorkers,
    signal = new AbortController().signal,
    ...settled
  } = settledOn('runCampaign', settings, availableParallelism())
  return campaignOn(openExecutors).runCampaign({
    ...settled,
    files: settled.files.map((file) => resolve(file)),
    cwd: process.cwd(),
    signal,
    onProgress: () => {},
  })
}
