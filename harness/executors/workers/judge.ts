/**
 * Judges trials again, in a process that never ran the agent: this one where that can be, or a worker. Judged are every
 * violation, a share of the passes, and all that ran where the language is no longer what it was. What is said here
 * counts. Where the two differ the trial never passes.
 */
import { encodePlan } from '../../../faults/plan/notation.js'
import type { ScenarioFacts, ScenarioSource, TrialRecord, TrialSpec } from '../../contracts/executor.js'
import type { Invariant } from '../../contracts/invariant.js'
import { type JudgedDifference, type JudgedTwice, joinJudged } from '../../contracts/report/judged-twice.js'
import { stream } from '../../contracts/stream.js'
import type { Second, Testimony } from './protocol.js'
import { reconcile } from './reconcile.js'
import { remake } from './remake.js'
import { judgeAgain, readsV8 } from './testimony.js'
import type { WorkerPool } from './worker-pool.js'
import type { WorkerProcess } from './worker-process.js'

/** Of trials without a violation, one in so many is judged again. */
const shareOfPasses = 1 / 20
/** Processes that may end over it: one that an invariant ends is not started for ever. */
const processesMax = 2

/** Whether a trial is judged again whatever it comes to: settled by the trial alone, so that it is the same everywhere. */
export function isJudgedTwice({ plan, profile, seed }: TrialSpec): boolean {
  const isBaseline = plan.length === 0 && profile === undefined
  return isBaseline || stream(seed, `judge:${encodePlan(plan)}`)() < shareOfPasses
}

export class Judge {
  readonly #source: ScenarioSource
  readonly #pool: WorkerPool
  /** By these it is judged in this process, which runs no agent either; nothing where a worker has to load the scenario. */
  readonly #invariants: Promise<readonly Invariant[] | undefined>
  #process: WorkerProcess | undefined
  #started = 0
  #trials = 0
  #unanswered = 0
  readonly #leftOut = new Set<string>()
  readonly #differences: JudgedDifference[] = []

  constructor(source: ScenarioSource, facts: ScenarioFacts, pool: WorkerPool) {
    this.#source = source
    this.#pool = pool
    this.#invariants = readsV8 ? remake(facts) : Promise.resolve(undefined)
    // Told of where it is first needed.
    this.#invariants.catch(() => {})
  }

  /** The record as it counts. */
  async again(record: TrialRecord, testimony: Testimony): Promise<TrialRecord> {
    const second = await this.#ask(testimony)
    if (!second) {
      this.#unanswered++
      return record
    }
    this.#trials++
    for (const name of second.leftOut) this.#leftOut.add(name)
    const { judgements, differences } = reconcile(record.judgements, second, testimony.changed)
    const { plan, seed } = record
    const about = { trials: 1, plan, seed, changed: [...testimony.changed] }
    this.#differences.push(...differences.map((one) => ({ ...one, ...about })))
    return { ...record, judgements }
  }

  summary(): JudgedTwice {
    const leftOut = [...this.#leftOut]
    return joinJudged([{ trials: this.#trials, unanswered: this.#unanswered, leftOut, differences: this.#differences }])
  }

  close(): void {
    if (this.#process) this.#pool.giveBackJudge(this.#process)
    this.#process = undefined
  }

  async #ask(testimony: Testimony): Promise<Second | undefined> {
    const invariants = await this.#invariants
    if (invariants) return judgeAgain({ invariants }, testimony, new Set(invariants.map(({ name }) => name)))
    const process = this.#process ?? this.#start()
    return process?.judge(testimony)
  }

  #start(): WorkerProcess | undefined {
    if (this.#started === processesMax) return undefined
    this.#started++
    const process = this.#pool.takeJudge(this.#source)
    // It loads what was loaded before, so that it cannot is not told of as the user's mistake: trials stay unanswered.
    process.loaded.catch(() => {})
    process.onDeath = () => {
      if (this.#process === process) this.#process = undefined
    }
    this.#process = process
    return process
  }
}
