/** The server that holds the queues. Whatever keeps it from being used is told before anything is run. */
import type { Job, Queue, QueueEvents, Worker } from 'bullmq'
import { UserError } from '../../contracts/errors.js'
import { checkAddress, shownAddress } from './address.js'
import { type Beat, type QueuedRun, type RangeResult, rangesQueue, runsQueue, type TrialRange } from './protocol.js'

export type RunJob = Job<QueuedRun, unknown, string>
export type RangeJob = Job<TrialRange, RangeResult, string>
export type RunsQueue = Queue<QueuedRun, unknown, string, QueuedRun, unknown, string>
export type RangesQueue = Queue<TrialRange, RangeResult, string, TrialRange, RangeResult, string>

const prefix = 'agent-chaos'
/** A worker that is lost is missed after so long, at the most twice. It only waits for its processes, so it can say so often that it is there. */
const lockMs = 10_000
/** A range may be lost with its worker so many times: spot instances come and go. */
const lostMost = 100
/** Results travel in them, and one that was missed is looked for. */
const eventsMost = 200

type Bullmq = typeof import('bullmq')

/** Events of a connection that is lost: it comes back by itself, and until then nothing is done. */
export type OnTrouble = (message: string) => void

export class QueueServer {
  readonly #bullmq: Bullmq
  readonly #url: string
  readonly #onTrouble: OnTrouble
  readonly #open: { close(): Promise<unknown> }[] = []
  #isClosing = false
  /** Each attempt to come back would say it again. */
  readonly #said = new Set<string>()
  readonly runs: RunsQueue

  private constructor(bullmq: Bullmq, url: string, onTrouble: OnTrouble) {
    this.#bullmq = bullmq
    this.#url = url
    this.#onTrouble = onTrouble
    this.runs = this.#watch(new bullmq.Queue(runsQueue, this.#options) as RunsQueue)
  }

  /** Rejects with a `UserError` where the server cannot be used. */
  static async connect(url: string, onTrouble: OnTrouble): Promise<QueueServer> {
    checkAddress(url)
    const bullmq = await loadBullmq()
    await probe(bullmq, url)
    return new QueueServer(bullmq, url, onTrouble)
  }

  get address(): string {
    return shownAddress(this.#url)
  }

  ranges(id: string): RangesQueue {
    const streams = { events: { maxLen: eventsMost } }
    return this.#watch(new this.#bullmq.Queue(rangesQueue(id), { ...this.#options, streams }) as RangesQueue)
  }

  events(id: string): QueueEvents {
    return this.#watch(new this.#bullmq.QueueEvents(rangesQueue(id), this.#options))
  }

  /** Takes ranges of a run, so many at once. */
  worker(
    id: string,
    concurrency: number,
    process: (job: RangeJob) => Promise<RangeResult>,
  ): Worker<TrialRange, RangeResult, string> {
    return this.#watch(
      new this.#bullmq.Worker<TrialRange, RangeResult, string>(rangesQueue(id), process, {
        ...this.#options,
        concurrency,
        lockDuration: lockMs,
        stalledInterval: lockMs / 2,
        maxStalledCount: lostMost,
      }),
    )
  }

  async close(): Promise<void> {
    this.#isClosing = true
    await Promise.all(this.#open.splice(0).map((each) => each.close().catch(() => {})))
  }

  /** A command waits until the server is back. */
  get #options() {
    return { prefix, connection: { url: this.#url, maxRetriesPerRequest: null } }
  }

  #watch<T extends Queue | QueueEvents | Worker>(opened: T): T {
    // Without a listener it would end the process.
    const onError = (error: Error) => {
      // A range that nobody wants any more is no trouble.
      if (this.#isClosing || !isOfConnection(error)) return
      const text = plainReason(error)
      if (!this.#said.has(text)) this.#onTrouble(`the queue at ${this.address} is waited for: ${text}`)
      this.#said.add(text)
    }
    ;(opened as { on(event: 'error', listener: (error: Error) => void): unknown }).on('error', onError)
    this.#open.push(opened)
    return opened
  }
}

/** What a coordinator last told of itself. */
export function beatOf(run: RunJob): Beat {
  const { beat = 0, trials = 0 } = (typeof run.progress === 'object' ? run.progress : {}) as Partial<Beat>
  return { beat, trials }
}

const isNotInstalled = () =>
  new UserError('--queue needs the packages bullmq and ioredis: npm install --save-dev bullmq ioredis')

async function loadBullmq(): Promise<Bullmq> {
  try {
    return await import('bullmq')
  } catch (error) {
    const isMissing = (error as { readonly code?: unknown }).code === 'ERR_MODULE_NOT_FOUND'
    if (!isMissing) throw error
    throw isNotInstalled()
  }
}

/** One attempt, where all others wait for a server that is away. */
async function probe({ Queue }: Bullmq, url: string): Promise<void> {
  const connection = { url, maxRetriesPerRequest: 0, retryStrategy: () => null }
  let first: Error | undefined
  const queue = new Queue(runsQueue, { prefix, connection })
  queue.on('error', (error) => {
    first ??= error
  })
  try {
    await queue.waitUntilReady()
    await queue.getJobCounts('waiting')
  } catch (error) {
    throw refusalOf(first ?? (error as Error), url)
  } finally {
    await queue.close().catch(() => {})
  }
}

function refusalOf(error: Error, url: string): Error {
  const reason = plainReason(error)
  const at = shownAddress(url)
  if (/ioredis|Cannot find (module|package)/.test(reason)) return isNotInstalled()
  if (/NOAUTH|WRONGPASS|NOPERM/.test(reason)) {
    return new UserError(`--queue: ${at} takes other credentials: expected redis://USER:PASSWORD@HOST:PORT (${reason})`)
  }
  if (/version/i.test(reason)) {
    return new UserError(`--queue: ${at} is too old: expected Redis 6.2 or later (${reason})`)
  }
  return new UserError(`--queue: ${at} cannot be reached: ${reason}. Is the server there, and open to this machine?`)
}

function isOfConnection(error: Error): boolean {
  return /^E[A-Z]+$/.test(String((error as { readonly code?: unknown }).code)) || /connection/i.test(error.message)
}

/** What the system or the server said, in one line. */
function plainReason(error: Error): string {
  const inner = (error as { readonly errors?: readonly Error[] }).errors?.[0]
  const message = error.message || inner?.message || String((error as { readonly code?: unknown }).code ?? error.name)
  return (message.split('\n')[0] ?? '').replaceAll(/\/\/[^\s@/]*@/g, '//')
}
