/** The side of a run that works for it: it waits for runs whose code it has, and takes ranges of one after the other. */

import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { type CodeDigests, differingFiles } from '../../contracts/digest.js'
import type { OpenExecutors } from '../../contracts/executor.js'
import { real } from '../../sandbox/real.js'
import type { QueuedRun } from './protocol.js'
import { beatOf, type QueueServer, type RunJob } from './server.js'
import { Slots } from './slots.js'

export interface WorkOptions {
  /** The folder of the project here, absolute. */
  readonly root: string
  /** Of this package. */
  readonly version: string
  /** Worker processes. */
  readonly workers: number
  /** It ends when it has had nothing to do for so long. */
  readonly waitMs: number
  readonly openExecutors: OpenExecutors
  /** Of the same files here. */
  readonly codeOf: (run: QueuedRun) => CodeDigests
  readonly tell: (text: string) => void
  /** Aborted: ranges that were begun are finished, and no other is taken. */
  readonly signal: AbortSignal
}

/** What became of it. */
export interface Worked {
  readonly ranges: number
  readonly trials: number
  /** Runs whose code was another. */
  readonly refused: number
}

/** How often it looks for a run. */
const lookMs = 500
/** One that is still there tells so more often than that. */
const silentMs = 30_000

export async function work(server: QueueServer, options: WorkOptions): Promise<Worked> {
  const { waitMs, signal } = options
  const refused = new Set<string>()
  /** Runs that were left because nobody led them, with the last that was heard. */
  const silent = new Map<string, number>()
  const done = { ranges: 0, trials: 0 }
  let idleSince = real.now()
  while (!signal.aborted && real.now() - idleSince < waitMs) {
    const run = await findRun(server, options, refused, silent)
    if (!run) {
      await pause(lookMs)
      continue
    }
    await serve(server, run, options, done, silent)
    idleSince = real.now()
  }
  return { ...done, refused: refused.size }
}

/** The first run that is led by somebody, and whose code is here. */
async function findRun(
  server: QueueServer,
  options: WorkOptions,
  refused: Set<string>,
  silent: ReadonlyMap<string, number>,
): Promise<RunJob | undefined> {
  const runs = await server.runs.getJobs(['waiting'], 0, -1, true)
  return runs.find((run) => {
    const mark = markOf(run)
    if (refused.has(mark) || silent.get(mark) === beatOf(run).beat) return false
    const why = refusalOf(run.data, options)
    if (why === undefined) return true
    refused.add(mark)
    options.tell(`the run that ${run.data.host} leads is refused: ${why}`)
    // Whoever leads it would wait, and not know for what.
    run.log(`${nameHere()} refuses the run: ${why}`).catch(() => {})
    return false
  })
}

/** Of the machine and this process. */
function nameHere(): string {
  return `${hostname()}:${process.pid}`
}

/** Of a run under one coordinator. */
function markOf({ id, data }: RunJob): string {
  return `${id} ${data.owner}`
}

function refusalOf(run: QueuedRun, { version, codeOf }: WorkOptions): string | undefined {
  if (run.version !== version) return `it is of agent-chaos ${run.version}; this is ${version}`
  const files = differingFiles(run.code, codeOf(run))
  return files.length === 0 ? undefined : `its code is not what is here: ${files.join(', ')}`
}

/** Takes ranges until the run is over, nobody leads it any more, or no other is to be taken. */
async function serve(
  server: QueueServer,
  run: RunJob,
  options: WorkOptions,
  done: { ranges: number; trials: number },
  silent: Map<string, number>,
): Promise<void> {
  const { signal, workers, tell } = options
  const { id = '' } = run
  tell(`joins the run that ${run.data.host} leads, with ${workers} worker processes`)
  const slots = openSlots(run.data, options)
  const worker = server.worker(id, workers, async (range) => {
    const result = await slots.run(range)
    done.ranges++
    done.trials += result.records.length
    return result
  })
  try {
    let [beat, heardAt] = [beatOf(run).beat, real.now()]
    while (!signal.aborted) {
      await pause(lookMs)
      const now = await server.runs.getJob(id)
      if (now?.data.owner !== run.data.owner) break
      const { beat: latest } = beatOf(now)
      if (latest !== beat) [beat, heardAt] = [latest, real.now()]
      // What it has left in the queue is still done.
      const isSilent = real.now() - heardAt > Math.max(silentMs, options.waitMs)
      if (isSilent) {
        silent.set(markOf(now), beat)
        break
      }
    }
  } finally {
    await worker.close()
    slots.close()
  }
}

function openSlots(run: QueuedRun, { root, workers, openExecutors }: WorkOptions): Slots {
  const secrets = new Set<string>()
  const { trialTimeout, memoryMax, strict, config } = run
  const executors = openExecutors({
    root,
    trialTimeout,
    memoryMax,
    strict,
    config: config === undefined ? undefined : resolve(root, config),
    output: 'discard',
    onSecrets: (learnt) => {
      for (const secret of learnt) secrets.add(secret)
    },
  })
  return new Slots({
    executors,
    count: workers,
    name: nameHere(),
    root,
    rootThere: run.root,
    takeSecrets: () => [...secrets],
  })
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    real.setTimeout(resolve, ms)
  })
}
