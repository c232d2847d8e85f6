/** Runs that stand in a queue: what there is, and taking one out. */
import { UserError } from '../../contracts/errors.js'
import { beatOf, type QueueServer } from './server.js'

export interface RunListing {
  readonly id: string
  /** The machine that leads it. */
  readonly host: string
  readonly files: readonly string[]
  /** In milliseconds since 1970. */
  readonly startedAt: number
  /** Trials that workers have done. */
  readonly trials: number
  /** Ranges that wait for a worker, and that one has begun. */
  readonly waiting: number
  readonly active: number
  /** `null` where the server does not say. */
  readonly workers: number | null
}

export async function listRuns(server: QueueServer): Promise<RunListing[]> {
  const runs = await server.runs.getJobs(['waiting'], 0, -1, true)
  return Promise.all(
    runs.map(async (run) => {
      const { id = '', data } = run
      const ranges = server.ranges(id)
      const { waiting = 0, active = 0 } = await ranges.getJobCounts('waiting', 'active')
      const workers = await ranges.getWorkersCount().catch(() => null)
      const { host, files, startedAt } = data
      return { id, host, files, startedAt, trials: beatOf(run).trials, waiting, active, workers }
    }),
  )
}

/** Whoever leads the run reports what there is; workers finish what they have begun. Rejects with a `UserError` where it is not there. */
export async function cancelRun(server: QueueServer, id: string): Promise<void> {
  const run = await server.runs.getJob(id)
  if (!run) {
    const runs = await listRuns(server)
    const known = runs.length === 0 ? 'none is there' : `there are ${runs.map((each) => each.id).join(', ')}`
    throw new UserError(`no run ${JSON.stringify(id)} at ${server.address}: ${known}`)
  }
  await run.remove()
  await server.clear(id)
}
