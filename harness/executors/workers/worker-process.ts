/**
 * One worker process seen from its parent, with the watchdog: real time and memory are bounded, and whatever the agent
 * does to its process costs the trial that it was running and no other.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Injection } from '../../../faults/plan/plan.js'
import { UserError } from '../../contracts/errors.js'
import type { ScenarioFacts, TrialRecord, TrialSpec } from '../../contracts/executor.js'
import type { End } from '../../contracts/trace.js'
import type { WorldSnapshot } from '../../trial/trial-world.js'
import type { ScenarioSource, WorkerMessage, WorkerRequest, WorkerTask } from './protocol.js'

export interface WorkerLimits {
  /** Real milliseconds that one trial may take. */
  readonly trialTimeoutMs: number
  /** Resident megabytes that the process may take. */
  readonly memoryMbMax: number
}

/** Why a worker ended under a trial. */
export type Death = Extract<End, { kind: 'killed' }>['why']

/** A trial that was sent and not answered. */
interface Pending {
  readonly id: number
  readonly answer: TrialAnswer
}

/** What becomes of a trial that was sent. */
export interface TrialAnswer {
  done(record: TrialRecord): void
  /** In a measured trial: a fault was drawn for a crossing. */
  drawn(injection: Injection): void
  /** The agent crashed; a fresh worker is to go on with its world. */
  crashed(snapshot: WorldSnapshot): void
}

export interface WorkerSettings extends WorkerLimits {
  /** Where the agent's own output goes: nowhere, or to this process's standard error. */
  readonly output: 'discard' | 'show'
  /** The configuration file whose providers and endpoints hold, absolute. */
  readonly config?: string | undefined
}

interface Loading {
  readonly resolve: (facts: ScenarioFacts) => void
  readonly reject: (error: Error) => void
}

const watchIntervalMs = 100
/** Loading may compile and import a lot; it is bounded, so that a file that never ends loading is told of. */
const loadTimeoutMs = 60_000
const stderrCharactersKept = 4_000

export class WorkerProcess {
  readonly #settings: WorkerSettings
  readonly #child: ChildProcess
  readonly #watch: NodeJS.Timeout
  #file = ''
  #loading: Loading | undefined
  #loaded: Promise<ScenarioFacts> = Promise.reject(new Error('nothing was loaded'))
  #pending: Pending[] = []
  #progressAt = Date.now()
  #alive = true
  #death: Death | undefined
  #stderr = ''
  /** Told once, when the process is gone: why, and the trial that it was running. */
  onDeath: (why: Death, culprit: number | undefined, error: Error | undefined) => void = () => {}

  constructor(settings: WorkerSettings) {
    this.#settings = settings
    this.#child = start(settings)
    living.add(this)
    this.#loaded.catch(() => {})
    this.#listen()
    this.#watch = setInterval(() => this.#check(), watchIntervalMs)
  }

  /** Loads a scenario, and forgets the one before it. Trials that are sent meanwhile wait for it. */
  load(source: ScenarioSource): void {
    this.#file = source.file
    this.#progressAt = Date.now()
    this.#loaded = new Promise((resolve, reject) => {
      this.#loading = { resolve, reject }
    })
    this.#loaded.catch(() => {})
    this.#ask({ kind: 'load', ...source })
  }

  /** Rejects with a `UserError` where the scenario file is at fault. */
  get loaded(): Promise<ScenarioFacts> {
    return this.#loaded
  }

  /** Whether it lives and has nothing to do. */
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
    if (this.#pending.length === 0) this.#progressAt = Date.now()
    this.#pending.push({ id, answer })
    this.#ask({ kind: 'trial', id, ...spec, resume })
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

  #ask(request: WorkerRequest): void {
    this.#child.send(request, () => {}) // An error here is the death that `exit` tells of.
  }

  #listen(): void {
    let failure: Error | undefined
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk).slice(-stderrCharactersKept)
    })
    this.#child.on('error', (error) => {
      failure = error
    })
    this.#child.on('message', (message: WorkerMessage) => {
      this.#progressAt = Date.now()
      failure ??= this.#hear(message)
      if (failure) this.kill()
    })
    this.#child.on('exit', (code, signal) => {
      this.kill()
      const heap = /heap out of memory|Reached heap limit/.test(this.#stderr)
      const why = this.#death ?? (heap ? 'memory' : 'died')
      this.#loading?.reject(failure ?? new UserError(whileLoading(why, code ?? signal, this.#stderr), this.#file))
      this.onDeath(why, this.#pending[0]?.id, failure)
    })
  }

  /** What went wrong in the worker, if the message tells of that. */
  #hear(message: WorkerMessage): Error | undefined {
    switch (message.kind) {
      case 'loaded':
        this.#loading?.resolve(message.facts)
        this.#loading = undefined
        return undefined
      case 'done':
        this.#taken(message.id)?.done(message.record)
        return undefined
      case 'drawn':
        this.#pending.find(({ id }) => id === message.id)?.answer.drawn(message.injection)
        return undefined
      case 'crashed':
        this.#taken(message.id)?.crashed(message.snapshot)
        return undefined
      case 'refused':
      case 'broken': {
        const failure = message.kind === 'refused' ? new UserError(message.message, message.where) : bug(message.stack)
        this.#loading?.reject(failure)
        return failure
      }
    }
  }

  #taken(id: number): TrialAnswer | undefined {
    const index = this.#pending.findIndex((pending) => pending.id === id)
    const [pending] = index < 0 ? [] : this.#pending.splice(index, 1)
    return pending?.answer
  }

  #check(): void {
    const deadlineMs = this.#loading ? loadTimeoutMs : this.#settings.trialTimeoutMs
    const busy = this.#loading !== undefined || this.#pending.length > 0
    if (busy && Date.now() - this.#progressAt > deadlineMs) this.#end('unresponsive')
    else if (this.residentMb > this.#settings.memoryMbMax) this.#end('memory')
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

function start({ trialTimeoutMs, memoryMbMax, output, config }: WorkerSettings): ChildProcess {
  // The worker's own limit on real work in flight comes first: it can name what was in flight, a kill cannot.
  const task: WorkerTask = { realLimitMs: trialTimeoutMs * 0.8, config }
  const sink = output === 'show' ? 2 : 'ignore'
  return spawn(
    process.execPath,
    [
      `--max-old-space-size=${memoryMbMax}`,
      // Each step of virtual time waits for V8's background work: without threads for it there is none to wait for, and
      // a trial's garbage dies young in a larger nursery. Together they take a quarter off a trial.
      '--v8-pool-size=0',
      '--max-semi-space-size=32',
      fileURLToPath(new URL('./worker.js', import.meta.url)),
      JSON.stringify(task),
    ],
    {
      // A group of its own, so that what the agent starts can be ended with it.
      detached: true,
      stdio: ['ignore', sink, output === 'show' ? 2 : 'pipe', 'ipc'],
    },
  )
}

/** Resident memory in megabytes; 0 where it cannot be told. */
function residentMb(pid: number | undefined): number {
  if (pid === undefined) return 0
  try {
    if (process.platform === 'linux') {
      return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096) / 1e6
    }
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1000
  } catch {
    return 0
  }
}

function whileLoading(why: Death, status: number | string | null, stderr: string): string {
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
