/**
 * Trials of one scenario that are run together, by workers: a few are sent ahead to each, so that none waits for its parent. A
 * worker that ends under a trial is replaced. The trial is recorded as killed, with its plan, and those that were waiting
 * behind it go to another worker.
 */
import type { Plan } from '../../../faults/plan/plan.js'
import type { RunOptions, ScenarioFacts, ScenarioSource, TrialRecord, TrialSpec } from '../../contracts/executor.js'
import type { KilledWhy } from '../../contracts/trace.js'
import type { WorldSnapshot } from '../../trial/trial-world.js'
import { aheadMost } from './ahead.js'
import { endsBehind } from './behind.js'
import type { Death } from './errand.js'
import { isJudgedTwice, type Judge } from './judge.js'
import { killedRecord } from './killed.js'
import type { Testimony } from './protocol.js'
import type { WorkerPool } from './worker-pool.js'
import type { WorkerProcess } from './worker-process.js'

export interface ProcessesOptions {
  readonly source: ScenarioSource
  /** How many at once, as it is now: where other files are done there may be more. */
  readonly workers: () => number
  readonly pool: WorkerPool
}

/** How long a trial in flight may still take when the run is aborted. */
const abortGraceMs = 1_000
/** A further worker pays for its start only when this many trials wait for it. */
const trialsWorthAWorker = 40
/** What may be the machine's doing, as when it runs out of memory, or another trial's. */
const doubtful: ReadonlySet<KilledWhy> = new Set<KilledWhy>(['blocked', 'starved', 'unknown', 'died'])

/** How trials of a scenario are run, as far as that was found out by running them. */
export interface Manner {
  crash: 'hard' | undefined
  /** Which worker ran a trial last. */
  readonly ranIn: WeakMap<TrialSpec, WorkerProcess>
  /** The trial that ended last in a worker, and the plan that it had. */
  readonly endedIn: WeakMap<WorkerProcess, EndedTrial>
}

interface EndedTrial {
  readonly spec: TrialSpec
  readonly plan: string
}

export class Batch {
  readonly #specs: readonly TrialSpec[]
  readonly #options: ProcessesOptions
  readonly #facts: ScenarioFacts
  readonly #manner: Manner
  readonly #judge: Judge
  readonly #runOptions: RunOptions
  readonly #workers: WorkerProcess[]
  readonly #records: (TrialRecord | undefined)[]
  readonly #waiting: number[]
  readonly #inFlight = new Map<number, WorkerProcess>()
  /** What measured trials drew so far: the plan of one that is killed. */
  readonly #drawn = new Map<number, Plan>()
  /** Ended by force, and to be run once more when nothing else runs here. */
  readonly #toRunAlone: number[] = []
  readonly #seenTwice = new Set<number>()
  /** How trials that are run once more were ended at first, where others had run before them. */
  readonly #disturbed = new Map<number, { readonly why: KilledWhy; readonly after: EndedTrial }>()
  #left: number
  #isOver = false
  #grace: NodeJS.Timeout | undefined
  #resolve: (records: (TrialRecord | undefined)[]) => void = () => {}
  #reject: (error: Error) => void = () => {}

  constructor(
    specs: readonly TrialSpec[],
    options: ProcessesOptions,
    facts: ScenarioFacts,
    manner: Manner,
    judge: Judge,
    runOptions: RunOptions,
    workers: WorkerProcess[],
  ) {
    this.#specs = specs
    this.#options = options
    this.#facts = facts
    this.#manner = manner
    this.#judge = judge
    this.#runOptions = runOptions
    this.#workers = workers
    this.#records = specs.map(() => undefined)
    this.#waiting = specs.map((_, id) => id)
    this.#left = specs.length
  }

  run(): Promise<(TrialRecord | undefined)[]> {
    if (this.#left === 0) return Promise.resolve([])
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      this.#runOptions.signal?.addEventListener('abort', this.#stop, { once: true })
      if (this.#runOptions.signal?.aborted) this.#stop()
      // Whoever has ended since nobody listened would be waited for in vain.
      for (const gone of this.#workers.filter(({ alive }) => !alive)) this.#retire(gone)
      for (const worker of this.#workers) this.#adopt(worker)
      this.#feed()
    })
  }

  /** Sends nothing more; what is in flight is still taken if it does not take long. */
  readonly #stop = (): void => {
    this.#left -= this.#waiting.splice(0).length + this.#toRunAlone.splice(0).length
    if (this.#left === 0) this.#finish()
    else this.#grace = setTimeout(() => this.#abandon(), abortGraceMs)
  }

  #abandon(): void {
    for (const worker of new Set(this.#inFlight.values())) this.#retire(worker)
    this.#finish()
  }

  #finish(): void {
    this.#isOver = true
    clearTimeout(this.#grace)
    this.#runOptions.signal?.removeEventListener('abort', this.#stop)
    for (const surplus of this.#workers.splice(Math.max(1, this.#options.workers())))
      this.#options.pool.giveBack(surplus)
    this.#resolve(this.#records)
  }

  /** Keeps every worker busy, and starts more while enough trials wait for them. */
  #feed(): void {
    while (this.#waiting.length > 0 && this.#workers.length < this.#workersMax()) {
      this.#start(this.#facts.isolate || this.#runOptions.fresh === true)
    }
    const workers = this.#workers.length
    const { isolate } = this.#facts
    const ahead = aheadMost({ trials: this.#specs.length, left: this.#left, workers, isolate })
    for (const worker of this.#workers) {
      while (worker.queued < ahead && this.#open < ahead * workers && this.#send(worker));
    }
    if (this.#waiting.length === 0 && this.#inFlight.size === 0) this.#runAlone()
  }

  /** Trials that were sent and are not handed on: they run, wait in a pipe, or are judged again. */
  get #open(): number {
    return this.#left - this.#waiting.length - this.#toRunAlone.length
  }

  /** How many workers there are to be. What runs elsewhere needs a second, whose first has nothing to do meanwhile. */
  #workersMax(): number {
    const least = this.#runOptions.elsewhere && !this.#facts.isolate ? 2 : 1
    const useful = this.#facts.isolate ? this.#left : Math.ceil(this.#left / trialsWorthAWorker)
    return Math.max(least, Math.min(this.#options.workers(), useful))
  }

  #runAlone(): void {
    const id = this.#toRunAlone.shift()
    const spec = id === undefined ? undefined : this.#specs[id]
    if (id !== undefined && spec) this.#sendTo(this.#start(true), id, spec, undefined)
  }

  #start(fresh: boolean): WorkerProcess {
    const { pool, source } = this.#options
    const worker = fresh ? pool.startFresh(source) : pool.take(source)
    this.#workers.push(worker)
    this.#adopt(worker)
    return worker
  }

  #adopt(worker: WorkerProcess): void {
    worker.onDeath = (death, error) => this.#lose(worker, death, error)
  }

  /** Sends the next trial that this worker may run, if there is one. */
  #send(worker: WorkerProcess): boolean {
    const index = this.#waiting.findIndex((id) => this.#mayRunIn(worker, id))
    const [id] = index < 0 ? [] : this.#waiting.splice(index, 1)
    const spec = id === undefined ? undefined : this.#specs[id]
    if (id === undefined || spec === undefined) return false
    this.#sendTo(worker, id, spec, undefined)
    return true
  }

  /** A trial that is to run elsewhere waits for another worker than its first, as long as there is another. */
  #mayRunIn(worker: WorkerProcess, id: number): boolean {
    if (!this.#runOptions.elsewhere || this.#workers.length === 1) return true
    const spec = this.#specs[id]
    return spec === undefined || this.#manner.ranIn.get(spec) !== worker
  }

  #sendTo(worker: WorkerProcess, id: number, spec: TrialSpec, resume: WorldSnapshot | undefined): void {
    this.#inFlight.set(id, worker)
    if (!this.#runOptions.elsewhere) this.#manner.ranIn.set(spec, worker)
    if (resume === undefined) this.#drawn.delete(id)
    // What a worker still says after it was given up counts for nothing.
    const isCurrent = () => this.#inFlight.get(id) === worker
    // To tell each event nearly doubles what a long trial takes, and is of use only where that is ended by force.
    const tells = wantsTrace(spec) && this.#seenTwice.has(id)
    worker.send(id, { ...spec, crash: this.#manner.crash, twice: isJudgedTwice(spec), tells }, resume, {
      onDone: (record, worn, testimony) => {
        if (isCurrent()) this.#settleAnswer(id, record, worker, worn, testimony)
      },
      onDrawn: (injection) => {
        if (isCurrent()) this.#drawn.set(id, [...(this.#drawn.get(id) ?? []), injection])
      },
      onUnloadable: () => {
        if (isCurrent()) this.#runHard(worker)
      },
      onCrash: (snapshot) => {
        if (isCurrent()) this.#goOn(id, spec, snapshot, worker)
      },
    })
  }

  /** What the trial has done to the worker is no start for it, nor for others. */
  #runHard(worker: WorkerProcess): void {
    this.#manner.crash = 'hard'
    this.#waiting.unshift(...this.#giveUp(worker))
    this.#feed()
  }

  /** The agent's process is gone, and whatever else it was to run goes elsewhere; a fresh one goes on with the world. */
  #goOn(id: number, spec: TrialSpec, snapshot: WorldSnapshot, worker: WorkerProcess): void {
    this.#waiting.unshift(...this.#giveUp(worker).filter((other) => other !== id))
    this.#sendTo(this.#start(true), id, spec, snapshot)
    this.#feed()
  }

  #settleAnswer(
    id: number,
    record: TrialRecord,
    worker: WorkerProcess,
    worn: boolean,
    testimony: Testimony | undefined,
  ): void {
    this.#inFlight.delete(id)
    const spec = this.#specs[id]
    if (spec) this.#manner.endedIn.set(worker, { spec, plan: record.plan })
    const isStuck = record.end.kind === 'stuck'
    // Real work that is still in flight would run on into the trials behind it.
    if (this.#facts.isolate || isStuck || worn) this.#waiting.unshift(...this.#giveUp(worker))
    if (this.#runsAgain(id, isStuck)) this.#feed()
    else if (testimony) this.#judgeAgain(id, record, testimony)
    else this.#finishTrial(id, record)
  }

  #judgeAgain(id: number, record: TrialRecord, testimony: Testimony): void {
    this.#judge.again(record, testimony).then(
      (judged) => this.#finishTrial(id, judged),
      (error) => this.#reject(error),
    )
    this.#feed()
  }

  #finishTrial(id: number, record: TrialRecord): void {
    const { why, after } = (hasEnded(record) && this.#disturbed.get(id)) || {}
    const shown: TrialRecord = why && after ? { ...record, disturbed: { why, after: after.plan } } : record
    const spec = this.#specs[id]
    if (why !== 'died' || !after || !spec) this.#hand(id, shown)
    else void this.#endsBehind(after.spec, spec).then((ends) => this.#hand(id, ends ? shown : record))
  }

  /** Somebody else may have ended its process. What an earlier trial has left there ends it again. */
  #endsBehind(...specs: readonly TrialSpec[]): Promise<boolean> {
    const { pool, source } = this.#options
    const trials = specs.map((spec) => ({ ...spec, crash: this.#manner.crash, twice: false, tells: false }))
    return endsBehind(pool.startFresh(source), trials)
  }

  #hand(id: number, record: TrialRecord): void {
    if (this.#isOver) return
    this.#records[id] = record
    this.#left--
    this.#runOptions.onTrial?.(record, id)
    if (this.#left > 0) this.#feed()
    else this.#finish()
  }

  /** Ends a worker; returns the trials that it had been sent and not answered. */
  #giveUp(worker: WorkerProcess): number[] {
    this.#retire(worker)
    const sent = [...this.#inFlight].filter(([, at]) => at === worker).map(([id]) => id)
    for (const id of sent) this.#inFlight.delete(id)
    return sent
  }

  #retire(worker: WorkerProcess): void {
    worker.onDeath = () => {}
    const index = this.#workers.indexOf(worker)
    if (index >= 0) this.#workers.splice(index, 1)
    worker.kill()
  }

  #lose(worker: WorkerProcess, { why, trial, events, console }: Death, error: Error | undefined): void {
    const sent = this.#giveUp(worker)
    if (error) {
      this.#reject(error)
      return
    }
    this.#waiting.unshift(...sent.filter((id) => id !== trial))
    const spec = trial === undefined ? undefined : this.#specs[trial]
    const after = this.#manner.endedIn.get(worker)
    const isUntold = spec !== undefined && wantsTrace(spec)
    if (trial === undefined || !spec || this.#runsAgain(trial, isUntold || doubtful.has(why) || after !== undefined)) {
      if (trial !== undefined && after !== undefined) this.#disturbed.set(trial, { why, after })
      this.#feed()
      return
    }
    const plan = this.#drawn.get(trial) ?? spec.plan
    this.#finishTrial(trial, killedRecord(this.#facts, { plan, seed: spec.seed, why, events, console }))
  }

  /**
   * What the machine or an earlier trial may have done to one is looked at once more, alone and in a fresh process. So is
   * what did not tell how it came to its end.
   */
  #runsAgain(id: number, isInDoubt: boolean): boolean {
    if (!isInDoubt || this.#seenTwice.has(id) || this.#runOptions.signal?.aborted) return false
    this.#seenTwice.add(id)
    this.#toRunAlone.push(id)
    return true
  }
}

/** By itself, and not because its process was ended. */
function hasEnded({ end }: TrialRecord): boolean {
  return end.kind !== 'killed' && end.kind !== 'stuck'
}

function wantsTrace({ detail }: TrialSpec): boolean {
  return detail !== 'brief'
}
