/**
 * One worker process seen from its parent, with the watchdog. Real time and memory are bounded. Whatever the agent does
 * to its process costs the trial that it was running and no other.
 */
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import type { Injection } from '../../../faults/plan/plan.js'
import { UserError } from '../../contracts/errors.js'
import type {
  ExecutorSettings,
  ScenarioFacts,
  ScenarioSource,
  TrialRecord,
  TrialSpec,
} from '../../contracts/executor.js'
import { shortageIn, shortageOf } from '../../contracts/system-error.js'
import type { End } from '../../contracts/trace.js'
import { Silence } from '../../sandbox/silence.js'
import { remove } from '../../sandbox/temporary.js'
import type { WorldSnapshot } from '../../trial/trial-world.js'
import { residentMb, waitedForProcessorMs } from './figures.js'
import { hear, lines } from './hear.js'
import { answersFd, requestsFd, type WorkerMessage, type WorkerRequest } from './protocol.js'
import { endsWithUs, trialFolder } from './reaper.js'
import { lastWords, startWorker } from './start-worker.js'

/** Why a worker ended under a trial. */
export type Death = Extract<End, { kind: 'killed' }>['why']

/** A trial that was sent and not answered. */
interface Pending {
  readonly id: number
  /** Where its files are. */
  readonly dir: string
  readonly answer: TrialAnswer
}

/** What becomes of a trial that was sent. */
export interface TrialAnswer {
  onDone(record: TrialRecord): void
  /** In a measured trial: a fault was drawn for a crossing. */
  onDrawn(injection: Injection): void
  /** The agent crashed; a fresh worker is to go on with its world. */
  onCrash(snapshot: WorldSnapshot): void
}

interface Loading {
  readonly resolve: (facts: ScenarioFacts) => void
  readonly reject: (error: Error) => void
}

const watchIntervalMs = 100
/** Loading may compile and import a lot; it is bounded, so that a file that never ends loading is reported. */
const loadTimeoutMs = 60_000
const stderrCharactersKept = 4_000
/** What V8 ends a process with when its heap is full, and what the shell makes of it. */
const aborted: ReadonlySet<unknown> = new Set(['SIGABRT', 'SIGTRAP', 'SIGILL', 134])
/** As a share of the bound, from which an abort that says nothing is taken for a full heap. */
const fullHeapShare = 0.75

export class WorkerProcess {
  readonly #settings: ExecutorSettings
  readonly #child: ChildProcess
  readonly #secret = randomBytes(24).toString('base64url')
  readonly #watch: NodeJS.Timeout
  readonly #forget: () => void
  #file = ''
  #loading: Loading | undefined
  #loaded: Promise<ScenarioFacts> = Promise.reject(new Error('nothing was loaded'))
  #pending: Pending[] = []
  #silence: Silence | undefined
  #lookedAt = performance.now()
  #waitedMs = 0
  #residentMb = 0
  #alive = true
  #death: Death | undefined
  #stderr = ''
  #intruded = false
  /** Called once, when the process is gone: why, and the trial that it was running. */
  onDeath: (why: Death, culprit: number | undefined, error: Error | undefined) => void = () => {}

  constructor(settings: ExecutorSettings) {
    this.#settings = settings
    this.#child = startWorker(settings)
    const { pid } = this.#child
    this.#forget = pid === undefined ? () => {} : endsWithUs(pid)
    living.add(this)
    this.#loaded.catch(() => {})
    this.#listen()
    const { root, trialTimeout, memoryMax, config } = settings
    // The worker's own limit on real work in flight comes first: it can name what was in flight, a kill cannot.
    this.#ask({
      kind: 'begin',
      root,
      secret: this.#secret,
      realLimitMs: trialTimeout * 1000 * 0.8,
      memoryMbMax: memoryMax,
      config,
    })
    this.#watch = setInterval(() => this.#look(), watchIntervalMs)
  }

  /** Loads a scenario, and forgets the one before it. Trials that are sent meanwhile wait for it. */
  load(source: ScenarioSource): void {
    this.#file = resolve(this.#settings.root, source.file)
    this.#loaded = new Promise((resolve, reject) => {
      this.#loading = { resolve, reject }
    })
    this.#loaded.catch(() => {})
    this.#progress()
    this.#ask({ kind: 'load', ...source })
  }

  /** Rejects with a `UserError` where the scenario file is at fault. */
  get loaded(): Promise<ScenarioFacts> {
    return this.#loaded
  }

  /** Whether it runs and has nothing to do. */
  get idle(): boolean {
    return this.#alive && this.#pending.length === 0 && this.#loading === undefined
  }

  get residentMb(): number {
    return residentMb(this.#child.pid)
  }

  get queued(): number {
    return this.#pending.length
  }

  send(id: number, spec: TrialSpec, resume: WorldSnapshot | undefined, answer: TrialAnswer): void {
    const dir = resume?.dir ?? trialFolder()
    this.#pending.push({ id, dir, answer })
    if (this.#pending.length === 1) this.#progress()
    this.#ask({ kind: 'trial', id, ...spec, dir, resume })
  }

  /** Ends the process and everything that it started. */
  kill(): void {
    this.#alive = false
    clearInterval(this.#watch)
    living.delete(this)
    const { pid } = this.#child
    if (pid === undefined) return
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      this.#child.kill('SIGKILL')
    }
  }

  /** None where the system could not even make them; `error` tells of that. */
  get #pipes(): readonly (Readable | Writable | null | undefined)[] {
    const { stdio }: { readonly stdio?: ChildProcess['stdio'] } = this.#child
    return stdio ?? []
  }

  #ask(request: WorkerRequest): void {
    const requests = this.#pipes[requestsFd] as Writable | null | undefined
    if (requests?.writable) requests.write(`${JSON.stringify(request)}\n`)
  }

  #listen(): void {
    let failure: Error | undefined
    const answers = (this.#pipes[answersFd] ?? null) as Readable | null
    const { stderr } = this.#child
    stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk).slice(-stderrCharactersKept)
    })
    const onPiece = lines(this.#secret, (line) => {
      // A secret that it reported with its last words is one all the same.
      if (!this.#alive) return this.#hearSecrets(line)
      failure = this.#hear(line)
      if (failure) this.kill()
    })
    answers?.setEncoding('utf8').on('data', onPiece)
    // An error on any of them is the death that `exit` tells of.
    for (const pipe of this.#pipes) pipe?.on('error', () => {})
    this.#child.on('error', (error) => {
      failure ??= error
      // Where it was not even started there is no end to wait for, and nothing is known of the agent by that.
      if (this.#child.pid === undefined) this.#handleExit(null, notStarted(error))
    })
    this.#child.on('exit', (code, signal) => {
      void lastWords([answers, stderr]).then(() => this.#handleExit(code ?? signal, failure))
    })
  }

  #handleExit(status: number | string | null, failure: Error | undefined): void {
    this.kill()
    this.#forget()
    const why = this.#death ?? (this.#heapWasFull(status) ? 'memory' : 'died')
    for (const { dir } of this.#pending) remove(dir)
    this.#loading?.reject(failure ?? new UserError(whileLoading(why, status, this.#stderr), this.#file))
    this.onDeath(why, this.#pending[0]?.id, failure)
  }

  /** V8 says so on standard error, which may be shown to the user and not to us. */
  #heapWasFull(status: number | string | null): boolean {
    if (!aborted.has(status)) return false
    if (this.#child.stderr) return /heap out of memory|Reached heap limit/.test(this.#stderr)
    return this.#residentMb > this.#settings.memoryMax * fullHeapShare
  }

  #hearSecrets(line: string): void {
    const heard = hear(line, this.#secret)
    if (heard.kind === 'message' && heard.message.kind === 'secrets') this.#follow(heard.message)
  }

  /** What went wrong in the worker, if the line tells of that. */
  #hear(line: string): Error | undefined {
    const heard = hear(line, this.#secret)
    if (heard.kind === 'message') return this.#follow(heard.message)
    if (heard.kind === 'garbled') this.#end('died')
    else this.#intruded = true
    return undefined
  }

  #follow(message: WorkerMessage): Error | undefined {
    // A trial that draws and draws is bounded all the same.
    if (message.kind !== 'drawn') this.#progress()
    switch (message.kind) {
      case 'secrets':
        this.#settings.onSecrets(message.secrets)
        return undefined
      case 'loaded':
        this.#loading?.resolve(message.facts)
        this.#loading = undefined
        // Trials that waited for it begin now, and are bounded as trials are.
        this.#progress()
        return undefined
      case 'done':
        this.#take(message.id)?.onDone({ ...message.record, ...(this.#intruded && { intruded: true }) })
        this.#intruded = false
        return undefined
      case 'drawn':
        this.#pending.find(({ id }) => id === message.id)?.answer.onDrawn(message.injection)
        return undefined
      case 'crashed':
        this.#take(message.id)?.onCrash(message.snapshot)
        return undefined
      case 'refused':
      case 'broken': {
        const failure = message.kind === 'refused' ? new UserError(message.message, message.where) : bug(message.stack)
        this.#loading?.reject(failure)
        return failure
      }
    }
  }

  #take(id: number): TrialAnswer | undefined {
    const index = this.#pending.findIndex((pending) => pending.id === id)
    const [pending] = index < 0 ? [] : this.#pending.splice(index, 1)
    this.#progress()
    return pending?.answer
  }

  /** It has said something, or was given something to do: silence begins anew. */
  #progress(): void {
    const { trialTimeout, memoryMax } = this.#settings
    const spanMs = this.#loading ? loadTimeoutMs : trialTimeout * 1000
    const busy = this.#loading !== undefined || this.#pending.length > 0
    this.#silence = busy ? new Silence(spanMs, memoryMax, () => this.#residentMb) : undefined
  }

  #look(): void {
    const { pid } = this.#child
    this.#residentMb = this.residentMb
    const silentMs = this.#passedMs(pid)
    if (this.#residentMb > this.#settings.memoryMax) this.#end('memory')
    else if (this.#silence?.isTooLong(silentMs)) this.#end('unresponsive')
  }

  /**
   * Since the last look, without the time in which it waited for a processor. That is reported when it gets one, so the
   * figure may be below zero. What it said while nobody looked is still to be heard, so a late look counts for two at
   * most.
   */
  #passedMs(pid: number | undefined): number {
    const [now, waitedMs] = [performance.now(), waitedForProcessorMs(pid)]
    const passedMs = now - this.#lookedAt - (waitedMs - this.#waitedMs)
    this.#lookedAt = now
    this.#waitedMs = waitedMs
    return Math.min(passedMs, 2 * watchIntervalMs)
  }

  #end(why: Death): void {
    this.#death = why
    this.kill()
  }
}

const living = new Set<WorkerProcess>()
process.on('exit', () => {
  for (const worker of living) worker.kill()
})

function notStarted(error: Error): Error {
  const shortage = shortageOf(error)
  return shortage === undefined ? error : new UserError(`a worker process cannot be started: ${shortage}`)
}

function whileLoading(why: Death, status: number | string | null, stderr: string): string {
  const shortage = shortageIn(stderr)
  if (shortage !== undefined) return `the scenario cannot be run: ${shortage}`
  const reasons: Record<Death, string> = {
    unresponsive: `it was not loaded within ${loadTimeoutMs / 1000} s`,
    memory: 'it took more memory than it may while it was loaded',
    died: `its process ended while it was loaded (${status})`,
  }
  const last = stderr.trim().split('\n').at(-1)
  return `the scenario cannot be run: ${reasons[why]}${last ? `: ${last}` : ''}`
}

function bug(stack: string): Error {
  return Object.assign(new Error(stack.split('\n')[0] ?? 'worker failed'), { stack })
}
