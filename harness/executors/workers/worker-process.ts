/**
 * One worker process seen from its parent, with the watchdog. Real time and memory are bounded. Whatever the agent does
 * to its process costs the trial that it was running and no other.
 */
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { ConsoleLines } from '../../contracts/console.js'
import { noLimitMs } from '../../contracts/debugging.js'
import { UserError } from '../../contracts/errors.js'
import type { ExecutorSettings, ScenarioFacts, ScenarioSource } from '../../contracts/executor.js'
import type { KilledWhy, TraceEvent } from '../../contracts/trace.js'
import { real } from '../../sandbox/real.js'
import { remove } from '../../sandbox/temporary.js'
import type { WorldSnapshot } from '../../trial/trial-world.js'
import { takeWorker } from './early.js'
import type { Death, Sent, TrialAnswer } from './errand.js'
import { bug, loadTimeoutMs, notStarted, whileLoading } from './failures.js'
import { heapWasFull, residentMb } from './figures.js'
import { hear, lines } from './hear.js'
import { Judgements } from './judgements.js'
import { Looks } from './looks.js'
import { endMarked } from './marked.js'
import { Patience } from './patience.js'
import {
  answersFd,
  type JudgeRequest,
  type ProcessChanges,
  requestsFd,
  type Second,
  type WorkerMessage,
  type WorkerRequest,
} from './protocol.js'
import { endsWithUs, trialFolder } from './reaper.js'
import { endWorker, hold, lastWords } from './start-worker.js'

/** A trial that was sent and not answered. */
interface Pending {
  readonly id: number
  readonly events: TraceEvent[]
  readonly printed: ConsoleLines
  /** Where its files are. */
  readonly dir: string
  readonly answer: TrialAnswer
}

interface Loading {
  readonly resolve: (facts: ScenarioFacts) => void
  readonly reject: (error: Error) => void
}

const watchIntervalMs = 100
const stderrCharactersKept = 4_000

export class WorkerProcess {
  readonly #settings: ExecutorSettings
  readonly #child: ChildProcess
  readonly #secret = randomBytes(24).toString('base64url')
  readonly #mark: string
  readonly #watch: NodeJS.Timeout
  readonly #forget: () => void
  #file = ''
  #loading: Loading | undefined
  #comparison: Promise<ProcessChanges | undefined> | undefined
  #compared: ((comparison: ProcessChanges | undefined) => void) | undefined
  #loaded: Promise<ScenarioFacts> = Promise.reject(new Error('nothing was loaded'))
  #pending: Pending[] = []
  readonly #judging = new Judgements()
  #patience: Patience | undefined
  readonly #looks = new Looks(2 * watchIntervalMs)
  #residentMb = 0
  alive = true
  #death: KilledWhy | undefined
  #stderr = ''
  #intruded = false
  /** By somebody else, as a system does that runs out of memory. */
  wasKilled = false
  /** Called once, when the process is gone, with what went wrong in the worker itself, if that was it. */
  onDeath: (death: Death, error: Error | undefined) => void = () => {}

  constructor(settings: ExecutorSettings) {
    this.#settings = settings
    ;({ child: this.#child, mark: this.#mark } = takeWorker(settings))
    const { pid } = this.#child
    this.#forget = pid === undefined ? () => {} : endsWithUs(pid)
    living.add(this)
    this.#loaded.catch(() => {})
    this.#listen()
    const { root, trialTimeout, memoryMax, config, debugging, strict, networkNamespace } = settings
    // The worker's own limit on real work in flight comes first: it can name what was in flight, a kill cannot.
    this.#ask({
      kind: 'begin',
      root,
      secret: this.#secret,
      realLimitMs: debugging ? noLimitMs : trialTimeout * 1000 * 0.8,
      memoryMbMax: memoryMax,
      config,
      debugging,
      strict,
      networkNamespace,
    })
    this.#watch = real.setInterval(() => this.#look(), watchIntervalMs).unref()
  }

  /** Loads a scenario, and forgets the one before it. Trials that are sent meanwhile wait for it. */
  load(source: ScenarioSource): void {
    this.#comparison = undefined
    this.#file = resolve(this.#settings.root, source.file)
    this.#loaded = new Promise((resolve, reject) => {
      this.#loading = { resolve, reject }
    })
    this.#loaded.catch(() => {})
    this.#begins()
    this.#ask({ kind: 'load', ...source })
  }

  /** Rejects with a `UserError` where the scenario file is at fault. */
  get loaded(): Promise<ScenarioFacts> {
    return this.#loaded
  }

  /** Whether it runs and has nothing to do. */
  get idle(): boolean {
    return this.alive && this.#pending.length === 0 && this.#judging.size === 0 && this.#loading === undefined
  }

  /** What its process is no longer, for what was run in it; `undefined` where it is gone. To be asked when it is idle. */
  compare(): Promise<ProcessChanges | undefined> {
    if (!this.alive) return Promise.resolve(undefined)
    this.#comparison ??= new Promise((resolve) => {
      this.#compared = resolve
      this.#begins()
      this.#ask({ kind: 'compare' })
    })
    return this.#comparison
  }

  /** How it judges a trial that ran elsewhere; `undefined` where its process ended before it could say. */
  judge(trial: Pick<JudgeRequest, 'trace' | 'state'>): Promise<Second | undefined> {
    if (!this.alive) return Promise.resolve(undefined)
    this.#comparison = undefined
    return this.#judging.ask((id) => {
      if (this.#judging.size === 1) this.#begins()
      this.#ask({ kind: 'judge', id, trace: trial.trace, state: trial.state })
    })
  }

  get residentMb(): number {
    return residentMb(this.#child.pid)
  }

  get queued(): number {
    return this.#pending.length
  }

  send(id: number, spec: Sent, resume: WorldSnapshot | undefined, answer: TrialAnswer): void {
    const dir = resume?.dir ?? trialFolder()
    this.#comparison = undefined
    const printed = new ConsoleLines(resume?.console)
    this.#pending.push({ id, dir, answer, events: [...(resume?.events ?? [])], printed })
    if (this.#pending.length === 1) this.#begins()
    this.#ask({ kind: 'trial', id, ...spec, dir, resume })
  }

  /** Ends the process and everything that it started. */
  kill(): void {
    this.alive = false
    this.#compared?.(undefined)
    this.#judging.drop()
    real.clearInterval(this.#watch)
    living.delete(this)
    endWorker(this.#child)
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
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk).slice(-stderrCharactersKept)
    })
    const onPiece = lines(this.#secret, (line) => {
      // A secret that it reported with its last words is one all the same.
      if (!this.alive) return this.#hearSecrets(line)
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
      void lastWords([answers, this.#child.stderr]).then(() => this.#handleExit(code ?? signal, failure))
    })
  }

  #handleExit(status: number | string | null, failure: Error | undefined): void {
    this.wasKilled = this.alive && status === 'SIGKILL'
    this.kill()
    this.#forget()
    // It ended by itself in a trial, and what it had started may have left its group.
    if (this.#pending.length > 0) endMarked(this.#mark)
    const said = this.#child.stderr ? this.#stderr : undefined
    const why =
      this.#death ?? (heapWasFull(status, said, this.#residentMb / this.#settings.memoryMax) ? 'memory' : 'died')
    for (const { dir } of this.#pending) remove(dir)
    this.#loading?.reject(failure ?? new UserError(whileLoading(why, status, this.#stderr), this.#file))
    const [running] = this.#pending
    const { id, events = [], printed } = running ?? {}
    this.onDeath({ why, trial: id, events, console: printed?.output }, failure)
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
    switch (message.kind) {
      case 'progress':
        if (this.#pending[0]?.id === message.id) this.#patience?.progress(message.modelCalls)
        return undefined
      case 'recorded':
      case 'printed':
        return void this.#note(message)
      case 'secrets':
        return void this.#settings.onSecrets(message.secrets)
      case 'loaded':
        this.#loading?.resolve(message.facts)
        this.#loading = undefined
        // Trials that waited for it begin now, and are bounded as trials are.
        this.#begins()
        return undefined
      case 'compared':
        this.#compared?.(message)
        this.#compared = undefined
        this.#begins()
        return undefined
      case 'done':
        return void this.#handOver(message)
      case 'judged':
        this.#judging.settle(message.id, message)
        return void this.#begins()
      case 'drawn':
        return void this.#pending.find(({ id }) => id === message.id)?.answer.onDrawn(message.injection)
      case 'unloadable':
        return void this.#take(message.id)?.onUnloadable()
      case 'crashed':
        return void this.#take(message.id)?.onCrash(message.snapshot)
      case 'refused':
      case 'broken': {
        const failure = message.kind === 'refused' ? new UserError(message.message, message.where) : bug(message.stack)
        this.#loading?.reject(failure)
        return failure
      }
    }
  }

  #note(message: Extract<WorkerMessage, { kind: 'recorded' | 'printed' }>): void {
    const pending = this.#pending.find(({ id }) => id === message.id)
    if (message.kind === 'recorded') pending?.events.push(message.event)
    else pending?.printed.add(message.line)
  }

  #handOver({ id, record, worn = false, testimony }: Extract<WorkerMessage, { kind: 'done' }>): void {
    this.#take(id)?.onDone({ ...record, ...(this.#intruded && { intruded: true }) }, worn, testimony)
    this.#intruded = false
  }

  #take(id: number): TrialAnswer | undefined {
    const index = this.#pending.findIndex((pending) => pending.id === id)
    const [pending] = index < 0 ? [] : this.#pending.splice(index, 1)
    this.#begins()
    return pending?.answer
  }

  /** A load or a trial begins, or there is nothing more to do: what it may take is counted anew. */
  #begins(): void {
    const { trialTimeout, memoryMax, debugging } = this.#settings
    const isLong = this.#loading !== undefined || this.#judging.size > 0
    const spanMs = isLong ? loadTimeoutMs : trialTimeout * 1000
    const busy = isLong || this.#pending.length > 0 || this.#compared !== undefined
    hold(this.#child, busy)
    this.#patience =
      busy && !debugging ? new Patience({ spanMs, memoryMax, residentMb: () => this.#residentMb }) : undefined
  }

  #look(): void {
    this.#residentMb = this.residentMb
    const why = this.#patience?.overAfter(this.#looks.next(this.#child.pid))
    if (this.#residentMb > this.#settings.memoryMax) this.#end('memory')
    else if (why !== undefined) this.#end(why)
  }

  #end(why: KilledWhy): void {
    this.#death = why
    this.kill()
    endMarked(this.#mark)
  }
}

const living = new Set<WorkerProcess>()
process.on('exit', () => {
  for (const worker of living) worker.kill()
})
