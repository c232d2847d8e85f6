/** Runs the trials of one scenario in worker processes, as many at once as allowed. */
import type { Executor, RunOptions, ScenarioFacts, TrialRecord, TrialSpec } from '../../contracts/executor.js'
import type { JudgedTwice } from '../../contracts/report/judged-twice.js'
import { Batch, type Manner, type ProcessesOptions } from './batch.js'
import { startedAtOnceMax } from './early.js'
import { Judge } from './judge.js'
import type { ProcessChanges } from './protocol.js'
import type { WorkerProcess } from './worker-process.js'

/** How often a scenario is loaded where its process is ended each time: a system that runs out of memory may do that more than once. */
const loadsMost = 4

export class Processes implements Executor {
  readonly #options: ProcessesOptions
  readonly #manner: Manner = { crash: undefined, ranIn: new WeakMap(), endedIn: new WeakMap() }
  readonly #judge: Judge
  #idle: WorkerProcess[] = []
  readonly facts: ScenarioFacts

  private constructor(options: ProcessesOptions, facts: ScenarioFacts, workers: readonly WorkerProcess[]) {
    this.#options = options
    this.facts = facts
    this.#judge = new Judge(options.source, facts, options.pool)
    this.#idle.push(...workers)
    // They may have run other files; a trial that is to be alone has a process that ran nothing.
    if (facts.isolate) this.#release()
  }

  /** Loads the scenario; rejects with a `UserError` where its file is at fault. Its process may be ended by somebody else. */
  static async open(options: ProcessesOptions, load = 1): Promise<Processes> {
    const { pool, source } = options
    const first = await pool.takeOrWait(source)
    const others = Array.from({ length: Math.min(options.workers(), startedAtOnceMax) - 1 }, () => pool.take(source))
    try {
      return new Processes(options, await first.loaded, [first, ...others])
    } catch (error) {
      for (const other of others) pool.giveBack(other)
      if (first.wasKilled && load < loadsMost) return Processes.open(options, load + 1)
      throw error
    }
  }

  run(specs: readonly TrialSpec[], options: RunOptions = {}): Promise<(TrialRecord | undefined)[]> {
    if (options.fresh) this.#release()
    return new Batch(specs, this.#options, this.facts, this.#manner, this.#judge, options, this.#idle).run()
  }

  /** What the trials changed of the processes that are left, which nobody else is to find. */
  async changes(): Promise<readonly string[]> {
    const all = await this.#compare()
    return [...new Set(all.flatMap((comparison) => comparison?.changes ?? []))].sort()
  }

  async atWork(): Promise<boolean> {
    return (await this.#compare()).some((comparison) => comparison?.atWork)
  }

  #compare(): Promise<(ProcessChanges | undefined)[]> {
    return Promise.all(this.#idle.filter(({ idle }) => idle).map((worker) => worker.compare()))
  }

  judgedTwice(): JudgedTwice {
    return this.#judge.summary()
  }

  /** Gives the workers back. */
  close(): void {
    this.#release()
    this.#judge.close()
  }

  #release(): void {
    for (const worker of this.#idle.splice(0)) this.#options.pool.giveBack(worker)
  }
}
