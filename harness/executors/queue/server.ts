/** The server that holds the queues. Whatever keeps it from being used is told before anything is run. */
import type { BackendFactory, IQueueBackend, Job, Queue, QueueEvents, Worker } from 'bullmq'
import { UserError } from '../../contracts/errors.js'
import { real } from '../../sandbox/real.js'
import { engineAt, shownAddress } from './address.js'
import { type Bullmq, type Engine, isOfConnection, isStarting } from './engine.js'
import {
  type Beat,
  type Packed,
  pack,
  type QueuedRun,
  type RangeResult,
  rangesQueue,
  runsQueue,
  type TrialRange,
  unpack,
} from './protocol.js'

export type RunJob = Job<QueuedRun, unknown, string>
type Range = Packed<TrialRange>
type Result = Packed<RangeResult>
export type RunsQueue = Queue<QueuedRun, unknown, string, QueuedRun, unknown, string, IQueueBackend>
export type RangesQueue = Queue<Range, Result, string, Range, Result, string, IQueueBackend>
type RangesWorker = Worker<Range, Result, string, IQueueBackend>
type RangesEvents = QueueEvents<Result, IQueueBackend>

/** Each engine makes its own connection. */
const options = { prefix: 'agent-chaos', connection: {} }
/** A worker that is lost is missed after so long, at the most twice. It only waits for its processes, so it can say so often that it is there. */
const lockMs = 10_000
/** A range may be lost with its worker so many times: spot instances come and go. */
const lostMost = 100
/** A server that starts is given half a minute. */
const [askedMost, askedAgainMs] = [60, 500]
/** Results travel in them, and one that was missed is looked for. */
const eventsMost = 200

/** Events of a connection that is lost: it comes back by itself, and until then nothing is done. */
export type OnTrouble = (message: string) => void

export class QueueServer {
  readonly #bullmq: Bullmq
  readonly #url: string
  readonly #backend: BackendFactory
  readonly #onTrouble: OnTrouble
  readonly #open: { close(): Promise<unknown> }[] = []
  #isClosing = false
  /** Each attempt to come back would say it again. */
  readonly #said = new Set<string>()
  readonly runs: RunsQueue

  private constructor(bullmq: Bullmq, engine: Engine, url: string, onTrouble: OnTrouble) {
    this.#bullmq = bullmq
    this.#url = url
    this.#backend = engine.open(bullmq, url, 'many')
    this.#onTrouble = onTrouble
    this.runs = this.#watch(new bullmq.Queue(runsQueue, options, this.#backend) as RunsQueue)
  }

  /** Waits for a server that starts. Rejects with a `UserError` where it cannot be used. */
  static async connect(url: string, onTrouble: OnTrouble): Promise<QueueServer> {
    const engine = engineAt(url)
    const bullmq = await loadBullmq(engine)
    for (let asked = 1; ; asked++) {
      const error = await probe(bullmq, engine, url)
      if (!error) return new QueueServer(bullmq, engine, url, onTrouble)
      if (!isStarting(error) || asked === askedMost) throw refusalOf(error, engine, url)
      if (asked === 1) onTrouble(`the queue at ${shownAddress(url)} is waited for: ${plainReason(error)}`)
      await new Promise((resolve) => real.setTimeout(resolve, askedAgainMs))
    }
  }

  get address(): string {
    return shownAddress(this.#url)
  }

  ranges(id: string): RangesQueue {
    const streams = { events: { maxLen: eventsMost } }
    const queue = new this.#bullmq.Queue(rangesQueue(id), { ...options, streams }, this.#backend)
    return this.#watch(queue as RangesQueue)
  }

  /** Takes all ranges of a run away, and with them what their queue was set to: it is to be opened afterwards. */
  async clear(id: string): Promise<void> {
    const settings = { ...options, skipMetasUpdate: true }
    const queue = this.#watch(new this.#bullmq.Queue(rangesQueue(id), settings, this.#backend))
    await queue.obliterate({ force: true })
    await queue.close()
  }

  events(id: string): RangesEvents {
    return this.#watch(new this.#bullmq.QueueEvents(rangesQueue(id), options, this.#backend))
  }

  /** Takes ranges of a run, so many at once. */
  worker(id: string, concurrency: number, process: (range: TrialRange) => Promise<RangeResult>): RangesWorker {
    const run = (job: Job<Range, Result, string>) => process(unpack(job.data)).then(pack, failWithText)
    const settings = {
      ...options,
      concurrency,
      lockDuration: lockMs,
      stalledInterval: lockMs / 2,
      maxStalledCount: lostMost,
    }
    return this.#watch(new this.#bullmq.Worker(rangesQueue(id), run, settings, this.#backend) as RangesWorker)
  }

  async close(): Promise<void> {
    this.#isClosing = true
    await Promise.all(this.#open.splice(0).map((each) => each.close().catch(() => {})))
  }

  #watch<T extends { close(): Promise<unknown> }>(opened: T): T {
    // Without a listener it would end the process.
    const onError = (error: Error) => {
      // A range that nobody wants any more is no trouble.
      if (this.#isClosing || !isOfConnection(error)) return
      const text = plainReason(error)
      if (!this.#said.has(text)) this.#onTrouble(`the queue at ${this.address} is waited for: ${text}`)
      this.#said.add(text)
    }
    ;(opened as unknown as { on(event: 'error', listener: (error: Error) => void): unknown }).on('error', onError)
    this.#open.push(opened)
    return opened
  }
}

/** What a coordinator last told of itself. */
export function beatOf(run: RunJob): Beat {
  const { beat = 0, trials = 0 } = (typeof run.progress === 'object' ? run.progress : {}) as Partial<Beat>
  return { beat, trials }
}

/** PostgreSQL takes no text with a NUL in it, and a job that cannot even fail would come back for ever. */
function failWithText(error: unknown): never {
  throw new Error((error instanceof Error ? error.message : String(error)).replaceAll('\0', ''))
}

function isNotInstalled({ driver }: Engine): UserError {
  const packages = ['bullmq', driver]
  return new UserError(
    `--queue needs the packages ${packages.join(' and ')}: npm install --save-dev ${packages.join(' ')}`,
  )
}

async function loadBullmq(engine: Engine): Promise<Bullmq> {
  try {
    return await import('bullmq')
  } catch (error) {
    const isMissing = (error as { readonly code?: unknown }).code === 'ERR_MODULE_NOT_FOUND'
    if (!isMissing) throw error
    throw isNotInstalled(engine)
  }
}

/** What keeps the server from being used. One attempt, where all others wait for a server that is away. */
async function probe(bullmq: Bullmq, engine: Engine, url: string): Promise<Error | undefined> {
  let first: Error | undefined
  let queue: { close(): Promise<void> } | undefined
  try {
    const runs = new bullmq.Queue(runsQueue, options, engine.open(bullmq, url, 'one'))
    queue = runs
    runs.on('error', (error) => {
      first ??= error
    })
    await runs.waitUntilReady()
    await runs.getJobCounts('waiting')
    return undefined
  } catch (error) {
    return first ?? (error as Error)
  } finally {
    await queue?.close().catch(() => {})
  }
}

function refusalOf(error: Error, engine: Engine, url: string): Error {
  const reason = plainReason(error)
  const at = shownAddress(url)
  if (/Cannot find (module|package)|optional '\w+' package/.test(reason)) return isNotInstalled(engine)
  const why = engine.explain(error, url) ?? explainTls(error)
  if (why !== undefined) return new UserError(`--queue: ${at} ${why} (${reason})`)
  return new UserError(`--queue: ${at} cannot be reached: ${reason}. Is the server there, and open to this machine?`)
}

function explainTls(error: Error): string | undefined {
  const code = String((error as { readonly code?: unknown }).code)
  if (/wrong version number|does not support SSL/i.test(error.message))
    return 'does not speak TLS: expected one that does'
  return /CERT|UNABLE_TO_VERIFY/.test(code)
    ? 'shows a certificate that is not trusted here: expected one of an authority in NODE_EXTRA_CA_CERTS'
    : undefined
}

/** What the system or the server said, in one line. */
function plainReason(error: Error): string {
  const inner = (error as { readonly errors?: readonly Error[] }).errors?.[0]
  const message = error.message || inner?.message || String((error as { readonly code?: unknown }).code ?? error.name)
  return (message.split('\n')[0] ?? '').replaceAll(/\/\/[^\s@/]*@/g, '//')
}
