/**
 * The side of a run that leads it: it puts ranges into the queue and waits for what they come to. Ranges that an earlier coordinator
 * of the same run has left there are taken over, done or not.
 */
import { randomBytes } from 'node:crypto'
import { UserError } from '../../contracts/errors.js'
import type { ScenarioSource, TrialSpec } from '../../contracts/executor.js'
import { real } from '../../sandbox/real.js'
import { type Packed, pack, type QueuedRun, type RangeResult, type TrialRange, trialKey, unpack } from './protocol.js'
import { beatOf, type QueueServer, type RangesQueue, type RunJob } from './server.js'

/** How often it tells that it is there, and looks for results whose event was lost. */
export const beatMs = 2_000
/** Of so many beats a rate is made. */
const countsKept = 6
/** So many ranges stand in the queue at once at the most: results that nobody has asked for take memory. */
const leftMost = 100_000

export interface Coordination extends Omit<QueuedRun, 'owner' | 'startedAt'> {
  readonly id: string
  /** Go on with the run that stands there, if one does. */
  readonly resume: boolean
  readonly onFleet: (fleet: Fleet) => void
  /** Called with what a machine says that does not work for it. */
  readonly onRefusal: (text: string) => void
}

export interface Fleet {
  /** Machines, or processes on them, that take ranges; `undefined` where the server does not say. */
  readonly workers: number | undefined
  /** Trials a second that come back, of late. */
  readonly rate: number
}

/** Trials of a range that stands in the queue. */
export interface LeftRange {
  readonly job: string
  /** Which of the range's trials. */
  readonly at: number
}

interface Waiting {
  /** Nothing where another coordinator has made it: it is not added again. */
  readonly range: TrialRange | undefined
  readonly resolve: (result: RangeResult) => void
  readonly reject: (error: Error) => void
}

export class Coordinator {
  readonly #server: QueueServer
  readonly #id: string
  readonly #onFleet: Coordination['onFleet']
  readonly #onRefusal: Coordination['onRefusal']
  readonly #owner = randomBytes(8).toString('hex')
  readonly #ranges: RangesQueue
  readonly #waiting = new Map<string, Waiting>()
  /** By the keys of their trials. */
  readonly #left = new Map<string, LeftRange[]>()
  readonly #leftResults = new Map<string, Promise<RangeResult>>()
  readonly #stopped = new AbortController()
  #beats = 0
  #trials = 0
  #ids = 0
  #refusals = 0
  #workers: number | undefined
  readonly #counts: { readonly at: number; readonly trials: number }[] = []
  #timer: NodeJS.Timeout | undefined
  /** A look takes as long as the server is away. */
  #looking: Promise<void> | undefined

  private constructor(server: QueueServer, { id, onFleet, onRefusal }: Coordination) {
    this.#onFleet = onFleet
    this.#onRefusal = onRefusal
    this.#server = server
    this.#id = id
    this.#ranges = server.ranges(id)
  }

  static async lead(server: QueueServer, coordination: Coordination): Promise<Coordinator> {
    const { id, resume, onFleet: _, onRefusal: __, ...run } = coordination
    const before = await server.runs.getJob(id)
    if (before) await refuseLiving(before, server)
    const isTakenOver = before !== undefined && resume
    if (!isTakenOver) await server.clear(id)
    const coordinator = new Coordinator(server, coordination)
    if (isTakenOver) await coordinator.#takeOver()
    await before?.remove()
    const queued = { ...run, owner: coordinator.#owner, startedAt: real.now() }
    await server.runs.add(run.host, queued, { jobId: id })
    await coordinator.#listen()
    return coordinator
  }

  /** Aborted where the run was cancelled, or somebody else leads it now. */
  get signal(): AbortSignal {
    return this.#stopped.signal
  }

  /** Who works for it, and how fast. */
  get fleet(): Fleet {
    const [oldest, latest] = [this.#counts.at(0), this.#counts.at(-1)]
    const ms = oldest && latest ? latest.at - oldest.at : 0
    const rate = oldest && latest && ms > 0 ? ((latest.trials - oldest.trials) * 1_000) / ms : 0
    return { workers: this.#workers, rate }
  }

  /** Where a trial stands in the queue from before, if it does. Each is given out once. */
  takeLeft(source: ScenarioSource, spec: TrialSpec): LeftRange | undefined {
    return this.#left.get(trialKey(source, spec))?.shift()
  }

  /** What a range from before comes to. */
  resultLeft(job: string): Promise<RangeResult> {
    const known = this.#leftResults.get(job) ?? this.#waitFor(job, undefined)
    this.#leftResults.set(job, known)
    return known
  }

  /** Puts a range into the queue; its result comes whoever runs it. */
  begin(range: TrialRange): { readonly job: string; readonly result: Promise<RangeResult> } {
    const job = `${this.#owner}-${++this.#ids}`
    const result = this.#waitFor(job, range)
    // It is waited for by whoever asked; what fails here fails there.
    result.catch(() => {})
    this.#ranges
      .add(range.source.file, pack(range), { jobId: job })
      .catch((error: Error) => this.#fail(job, error.message))
    return { job, result }
  }

  /** Their results stand elsewhere by now, so that nobody else needs them. */
  forget(jobs: Iterable<string>): void {
    for (const job of jobs) this.#ranges.remove(job).catch(() => {})
  }

  /** Waits for these no longer, and takes out of the queue what nobody has begun. */
  drop(jobs: Iterable<string>): void {
    for (const job of jobs) {
      const waiting = this.#waiting.get(job)
      if (!waiting) continue
      this.#waiting.delete(job)
      waiting.reject(dropped)
      // One that runs cannot be removed, and goes with the run.
      this.#ranges.remove(job).catch(() => {})
    }
  }

  /** The run is over: nothing of it stays. One that goes on elsewhere is left alone. */
  async end(): Promise<void> {
    real.clearInterval(this.#timer)
    await this.#looking
    const run = await this.#server.runs.getJob(this.#id)
    if (run?.data.owner !== this.#owner) return
    await run.remove()
    await this.#server.clear(this.#id)
  }

  #waitFor(job: string, range: TrialRange | undefined): Promise<RangeResult> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(job, { range, resolve, reject })
    })
  }

  async #takeOver(): Promise<void> {
    const jobs = await this.#ranges.getJobs(['completed', 'active', 'waiting', 'delayed'], 0, leftMost)
    for (const { id, data } of jobs) {
      const { source, specs, again } = unpack(data)
      if (id === undefined || again) continue
      for (const [at, spec] of specs.entries()) {
        const key = trialKey(source, spec)
        this.#left.set(key, [...(this.#left.get(key) ?? []), { job: id, at }])
      }
    }
  }

  async #listen(): Promise<void> {
    const events = this.#server.events(this.#id)
    events.on('completed', ({ jobId, returnvalue }) => this.#settle(jobId, returnvalue))
    events.on('failed', ({ jobId, failedReason }) => this.#fail(jobId, failedReason))
    await events.waitUntilReady()
    this.#timer = real.setInterval(() => {
      this.#looking ??= this.#look()
        .catch(() => {})
        .finally(() => {
          this.#looking = undefined
        })
    }, beatMs)
    await this.#look()
  }

  /** Tells that it is there, and looks whether it is still to. */
  async #look(): Promise<void> {
    const run = await this.#server.runs.getJob(this.#id)
    if (run?.data.owner !== this.#owner) {
      this.#stopped.abort()
      return
    }
    await run.updateProgress({ beat: ++this.#beats, trials: this.#trials })
    this.#counts.push({ at: real.now(), trials: this.#trials })
    this.#counts.splice(0, this.#counts.length - countsKept)
    this.#workers = await this.#ranges.getWorkersCount().catch(() => undefined)
    this.#onFleet(this.fleet)
    const { logs } = await this.#server.runs.getJobLogs(this.#id, this.#refusals, -1)
    this.#refusals += logs.length
    for (const text of logs) this.#onRefusal(text)
    for (const [id, { range }] of this.#waiting) await this.#lookFor(id, range)
  }

  /** An event that was missed, and a range that the server has lost. */
  async #lookFor(id: string, range: TrialRange | undefined): Promise<void> {
    const job = await this.#ranges.getJob(id)
    if (!job) {
      if (!this.#waiting.has(id)) return
      if (!range) this.#fail(id, 'the queue has lost it')
      else await this.#ranges.add(range.source.file, pack(range), { jobId: id })
    } else if (job.finishedOn !== undefined) {
      if (job.failedReason) this.#fail(id, job.failedReason)
      else if (job.returnvalue) this.#settle(id, job.returnvalue)
    }
  }

  #settle(id: string, packed: Packed<RangeResult>): void {
    const waiting = this.#waiting.get(id)
    if (!waiting) return
    this.#waiting.delete(id)
    const result = unpack(packed)
    this.#trials += result.records.length
    waiting.resolve(result)
  }

  #fail(id: string, reason: string): void {
    const waiting = this.#waiting.get(id)
    if (!waiting) return
    this.#waiting.delete(id)
    waiting.reject(new UserError(reason))
  }
}

/** What a range is rejected with that nobody waits for. */
export const dropped = new Error('no longer wanted')

/** Two would hand out the same trials. */
async function refuseLiving(run: RunJob, server: QueueServer): Promise<void> {
  const before = beatOf(run).beat
  await new Promise((resolve) => real.setTimeout(resolve, 3 * beatMs))
  const now = await server.runs.getJob(run.id ?? '')
  if (!now || beatOf(now).beat === before) return
  throw new UserError(`--queue: this very run is still led by ${run.data.host}; agent-chaos cancel ends it`)
}
