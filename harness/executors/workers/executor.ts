/**
 * Runs trials in worker processes: as many at once as allowed, a few sent ahead to each so that none waits for its
 * parent. A worker that ends under a trial is replaced. The trial is recorded as killed, with its plan, and those that
 * were waiting behind it go to another worker.
 */
import { encodeInjection, encodePlan } from '../../../faults/plan/notation.js'
import { isClosed, type Plan } from '../../../faults/plan/plan.js'
import { spendOf } from '../../contracts/budget.js'
import type {
  Executor,
  RunOptions,
  ScenarioFacts,
  ScenarioSource,
  TrialRecord,
  TrialSpec,
} from '../../contracts/executor.js'
import { digestOf, type End, type Trace } from '../../contracts/trace.js'
import type { Judgement } from '../../contracts/verdict.js'
import { vacuous } from '../../contracts/verdict.js'
import { terminates } from '../../invariants/terminates.js'
import type { WorldSnapshot } from '../../trial/trial-world.js'
import type { WorkerPool } from './worker-pool.js'
import type { Death, WorkerProcess } from './worker-process.js'

export interface ProcessesOptions {
  readonly source: ScenarioSource
  /** How many at once, as it is now: where other files are done there may be more. */
  readonly workers: () => number
  readonly pool: WorkerPool
}

/** Trials sent to a worker before the first of them is answered. */
const sentAheadMax = 8
/** How long a trial in flight may still take when the run is aborted. */
const abortGraceMs = 1_000
/** A further worker pays for its start only when this many trials wait for it. */
const trialsWorthAWorker = 40

export class Processes implements Executor {
  readonly #options: ProcessesOptions
  #idle: WorkerProcess[] = []
  readonly facts: ScenarioFacts

  private constructor(options: ProcessesOptions, facts: ScenarioFacts, first: WorkerProcess) {
    this.#options = options
    this.facts = facts
    // It may have run other files; a trial that is to be alone has a process that ran nothing.
    if (facts.isolate) options.pool.giveBack(first)
    else this.#idle.push(first)
  }

  /** Loads the scenario; rejects with a `UserError` where its file is at fault. */
  static async open(options: ProcessesOptions): Promise<Processes> {
    const first = options.pool.take(options.source)
    return new Processes(options, await first.loaded, first)
  }

  run(specs: readonly TrialSpec[], options: RunOptions = {}): Promise<(TrialRecord | undefined)[]> {
    if (options.fresh) this.close()
    return new Batch(specs, this.#options, this.facts, options, this.#idle).run()
  }

  /** Gives the workers back. */
  close(): void {
    for (const worker of this.#idle.splice(0)) this.#options.pool.giveBack(worker)
  }
}

class Batch {
  readonly #specs: readonly TrialSpec[]
  readonly #options: ProcessesOptions
  readonly #facts: ScenarioFacts
  readonly #runOptions: RunOptions
  readonly #workers: WorkerProcess[]
  readonly #records: (TrialRecord | undefined)[]
  readonly #waiting: number[]
  readonly #inFlight = new Map<number, WorkerProcess>()
  /** What measured trials drew so far: the plan of one that is killed. */
  readonly #drawn = new Map<number, Plan>()
  #left: number
  #grace: NodeJS.Timeout | undefined
  #resolve: (records: (TrialRecord | undefined)[]) => void = () => {}
  #reject: (error: Error) => void = () => {}

  constructor(
    specs: readonly TrialSpec[],
    options: ProcessesOptions,
    facts: ScenarioFacts,
    runOptions: RunOptions,
    workers: WorkerProcess[],
  ) {
    this.#specs = specs
    this.#options = options
    this.#facts = facts
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
      for (const worker of this.#workers) this.#adopt(worker)
      this.#feed()
    })
  }

  /** Sends nothing more; what is in flight is still taken if it does not take long. */
  readonly #stop = (): void => {
    this.#left -= this.#waiting.splice(0).length
    if (this.#left === 0) this.#finish()
    else this.#grace = setTimeout(() => this.#abandon(), abortGraceMs)
  }

  #abandon(): void {
    for (const worker of new Set(this.#inFlight.values())) this.#retire(worker)
    this.#finish()
  }

  #finish(): void {
    clearTimeout(this.#grace)
    this.#runOptions.signal?.removeEventListener('abort', this.#stop)
    this.#resolve(this.#records)
  }

  /** Keeps every worker busy, and starts more while enough trials wait for them. */
  #feed(): void {
    const wanted = this.#facts.isolate ? this.#left : Math.ceil(this.#left / trialsWorthAWorker)
    while (this.#waiting.length > 0 && this.#workers.length < Math.min(this.#options.workers(), Math.max(1, wanted))) {
      this.#start(this.#facts.isolate || this.#runOptions.fresh === true)
    }
    const aheadMax = this.#facts.isolate
      ? 1
      : Math.max(1, Math.min(sentAheadMax, Math.ceil(this.#left / this.#workers.length)))
    for (const worker of this.#workers) {
      while (worker.queued < aheadMax && this.#waiting.length > 0) this.#send(worker)
    }
  }

  #start(fresh: boolean): WorkerProcess {
    const { pool, source } = this.#options
    const worker = fresh ? pool.startFresh(source) : pool.take(source)
    this.#workers.push(worker)
    this.#adopt(worker)
    return worker
  }

  #adopt(worker: WorkerProcess): void {
    worker.onDeath = (why, culprit, error) => this.#lose(worker, why, culprit, error)
  }

  #send(worker: WorkerProcess): void {
    const id = this.#waiting.shift()
    const spec = id === undefined ? undefined : this.#specs[id]
    if (id === undefined || spec === undefined) return
    this.#sendTo(worker, id, spec, undefined)
  }

  #sendTo(worker: WorkerProcess, id: number, spec: TrialSpec, resume: WorldSnapshot | undefined): void {
    this.#inFlight.set(id, worker)
    if (resume === undefined) this.#drawn.delete(id)
    // What a worker still says after it was given up counts for nothing.
    const isCurrent = () => this.#inFlight.get(id) === worker
    worker.send(id, spec, resume, {
      onDone: (record) => {
        if (isCurrent()) this.#settleAnswer(id, record, worker)
      },
      onDrawn: (injection) => {
        if (isCurrent()) this.#drawn.set(id, [...(this.#drawn.get(id) ?? []), injection])
      },
      onCrash: (snapshot) => {
        if (isCurrent()) this.#goOn(id, spec, snapshot, worker)
      },
    })
  }

  /** The agent's process is gone, and whatever else it was to run goes elsewhere; a fresh one goes on with the world. */
  #goOn(id: number, spec: TrialSpec, snapshot: WorldSnapshot, worker: WorkerProcess): void {
    this.#waiting.unshift(...this.#giveUp(worker).filter((other) => other !== id))
    this.#sendTo(this.#start(true), id, spec, snapshot)
    this.#feed()
  }

  #settleAnswer(id: number, record: TrialRecord, worker: WorkerProcess): void {
    this.#inFlight.delete(id)
    // Real work that is still in flight would run on into the trials behind it.
    if (this.#facts.isolate || record.end.kind === 'stuck') this.#waiting.unshift(...this.#giveUp(worker))
    this.#finishTrial(id, record)
  }

  #finishTrial(id: number, record: TrialRecord): void {
    this.#records[id] = record
    this.#left--
    this.#runOptions.onTrial?.(record)
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

  #lose(worker: WorkerProcess, why: Death, culprit: number | undefined, error: Error | undefined): void {
    const sent = this.#giveUp(worker)
    if (error) {
      this.#reject(error)
      return
    }
    this.#waiting.unshift(...sent.filter((id) => id !== culprit))
    const spec = culprit === undefined ? undefined : this.#specs[culprit]
    if (culprit !== undefined && spec)
      this.#finishTrial(culprit, killedRecord(this.#facts, this.#drawn.get(culprit) ?? spec.plan, spec.seed, why))
    else this.#feed()
  }
}

/** The record of a trial whose process is gone, and with it the trace: only how it ended is known. */
function killedRecord(facts: ScenarioFacts, plan: Plan, seed: number, why: Death): TrialRecord {
  const end: End = { kind: 'killed', why }
  const trace: Trace = {
    scenario: facts.name,
    seed,
    plan: encodePlan(plan),
    intents: null,
    injections: plan.map((injection) => ({
      text: encodeInjection(injection),
      faults: injection.faults.length,
      closed: isClosed(injection),
      status: 'planned',
      endsAt: null,
    })),
    events: [{ at: 0, kind: 'end', end }],
    end,
    claim: null,
    goal: null,
    spend: spendOf([]),
  }
  const judgements = facts.invariants.map(({ name }) => judgeKilled(name, trace))
  const { injections, events: _, scenario: __, intents: ___, ...rest } = trace
  return {
    ...rest,
    crossings: 0,
    landed: 0,
    injections,
    struck: [],
    strays: [],
    judgements,
    evidence: { trace, digest: digestOf(trace) },
  }
}

/** The one thing that can still be judged, whatever the scenario's other invariants would have said. */
function judgeKilled(name: string, trace: Trace): Judgement {
  const known = terminates()
  const verdict = name === known.name ? known.check(trace, undefined) : vacuous('the watchdog ended the trial')
  return { invariant: name, verdict }
}
