/**
 * One worker process seen from its parent, with the watchdog: real time and memory are bounded, and whatever the agent
 * does to its process costs the trial that it was running and no other.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { UserError } from '../errors.js'
import type { End } from '../trace.js'
import type { ScenarioFacts, TrialRecord, TrialSpec } from './executor.js'
import type { TrialRequest, WorkerMessage, WorkerTask } from './protocol.js'

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
  readonly done: (record: TrialRecord) => void
}

export interface WorkerOptions extends WorkerLimits {
  readonly file: string
  /** Where the agent's own output goes: nowhere, or to this process's standard error. */
  readonly output: 'discard' | 'show'
}

const watchIntervalMs = 100
/** Loading may compile and import a lot; it is bounded, so that a file that never ends loading is told of. */
const loadTimeoutMs = 60_000
const stderrCharactersKept = 4_000

export class WorkerProcess {
  readonly #options: WorkerOptions
  readonly #child: ChildProcess
  readonly #loaded: Promise<ScenarioFacts>
  readonly #watch: NodeJS.Timeout
  #pending: Pending[] = []
  #progressAt = Date.now()
  #deadlineMs: number
  #death: Death | undefined
  #stderr = ''
  /** Told once, when the process is gone: why, and the trial that it was running. */
  onDeath: (why: Death, culprit: number | undefined, error: Error | undefined) => void = () => {}

  constructor(options: WorkerOptions) {
    this.#options = options
    this.#deadlineMs = loadTimeoutMs
    this.#child = start(options)
    living.add(this)
    this.#loaded = this.#awaitLoaded()
    this.#loaded.catch(() => {})
    this.#watch = setInterval(() => this.#check(), watchIntervalMs)
  }

  /** Rejects with a `UserError` where the scenario file is at fault. */
  get loaded(): Promise<ScenarioFacts> {
    return this.#loaded
  }

  get load(): number {
    return this.#pending.length
  }

  send(id: number, { plan, seed, detail }: TrialSpec, done: (record: TrialRecord) => void): void {
    if (this.#pending.length === 0) this.#progressAt = Date.now()
    this.#pending.push({ id, done })
    const request: TrialRequest = { kind: 'trial', id, plan, seed, detail }
    this.#child.send(request, () => {}) // An error here is the death that `exit` tells of.
  }

  /** Ends the process and everything that it started. */
  kill(): void {
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

  #awaitLoaded(): Promise<ScenarioFacts> {
    return new Promise((resolve, reject) => {
      let failure: Error | undefined
      this.#child.stderr?.on('data', (chunk: Buffer) => {
        this.#stderr = (this.#stderr + chunk).slice(-stderrCharactersKept)
      })
      this.#child.on('error', (error) => {
        failure = error
      })
      this.#child.on('message', (message: WorkerMessage) => {
        this.#progressAt = Date.now()
        if (message.kind === 'loaded') {
          this.#deadlineMs = this.#options.trialTimeoutMs
          resolve(message.facts)
        } else if (message.kind === 'done') {
          this.#done(message.id, message.record)
        } else {
          failure = message.kind === 'refused' ? new UserError(message.message, message.where) : bug(message.stack)
          reject(failure)
          this.kill()
        }
      })
      this.#child.on('exit', (code, signal) => {
        this.kill()
        const heap = /heap out of memory|Reached heap limit/.test(this.#stderr)
        const why = this.#death ?? (heap ? 'memory' : 'died')
        reject(failure ?? new UserError(whileLoading(why, code ?? signal, this.#stderr), this.#options.file))
        this.onDeath(why, this.#pending[0]?.id, failure)
      })
    })
  }

  #done(id: number, record: TrialRecord): void {
    const index = this.#pending.findIndex((pending) => pending.id === id)
    const [pending] = index < 0 ? [] : this.#pending.splice(index, 1)
    pending?.done(record)
  }

  #check(): void {
    const busy = this.#pending.length > 0 || this.#deadlineMs === loadTimeoutMs
    if (busy && Date.now() - this.#progressAt > this.#deadlineMs) this.#end('unresponsive')
    else if (residentMb(this.#child.pid) > this.#options.memoryMbMax) this.#end('memory')
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

function start({ file, trialTimeoutMs, memoryMbMax, output }: WorkerOptions): ChildProcess {
  // The worker's own limit on real work in flight comes first: it can name what was in flight, a kill cannot.
  const task: WorkerTask = { file, realLimitMs: trialTimeoutMs * 0.8 }
  const sink = output === 'show' ? 2 : 'ignore'
  return spawn(
    process.execPath,
    [
      `--max-old-space-size=${memoryMbMax}`,
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
