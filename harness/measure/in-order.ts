/**
 * Runs the sample of a sequential gate in rounds of as many trials as it would still take to be met. So where all goes well
 * none is run in vain. Trials end in whatever order, and the walk follows those that came without a gap. What ran ahead
 * of the trial that decides is dropped. So the sample is the same on one worker as on many.
 */
import type { Budget } from '../contracts/budget.js'
import type { Executor, TrialRecord } from '../contracts/executor.js'
import { profileOf } from '../contracts/profile.js'
import type { SampleRow } from '../contracts/report/sample.js'
import { type Design, isSettled, questionOf } from './gate.js'
import { isSuccess, rowOf } from './outcome.js'
import { atStart, endOf, fewestToMeet, type GateRules, rulesOf, step, type Walk } from './sequential.js'
import { isCalm, judgementOf } from './summary.js'
import { type MeasuredTrial, numbersFrom, runNumbered } from './trials.js'

/** A round is no smaller, so that there is something to do for every worker. */
const roundTrialsMin = 16

export interface InOrderOptions {
  readonly seed: number
  readonly signal?: AbortSignal | undefined
  /**
   * How many gates the run has: asked for once, when this one is about to be missed. The other gates need not have been counted
   * before, which takes time.
   */
  readonly gates: () => Promise<number>
  /** Called after each trial, and how many there will be if all goes well from here. */
  readonly onTrial: (record: TrialRecord, planned: number) => void
}

export interface InOrder {
  /** In the order of their numbers, up to the one that decided. */
  readonly trials: readonly MeasuredTrial[]
  readonly gates: number
}

export async function runInOrder(
  executor: Executor,
  design: Extract<Design, { kind: 'sequential' }>,
  options: InOrderOptions,
): Promise<InOrder> {
  const { budget } = executor.facts
  const question = questionOf(budget)
  const follower = new Follower(budget, rulesOf(question, 1))
  let gates: number | undefined
  for (;;) {
    const judgement = judgementOf(design, follower.rows, budget, gates ?? 1)
    if (judgement.verdict === 'missed' && gates === undefined) {
      gates = await options.gates()
      follower.rules = rulesOf(question, gates)
      continue
    }
    const isOver = isSettled(judgement, isCalm(budget)) || options.signal?.aborted
    if (isOver || follower.rows.length >= design.trialsMax) {
      return { trials: follower.trials.slice(0, judgement.trials), gates: gates ?? 1 }
    }
    await round(executor, follower, design, options)
  }
}

/** Ends before its last trial where the reliability is missed. */
async function round(
  executor: Executor,
  follower: Follower,
  { trialsMax }: { readonly trialsMax: number },
  { seed, signal, onTrial }: InOrderOptions,
): Promise<void> {
  const enough = new AbortController()
  const { rows, walk, rules } = follower
  const further = Math.max(roundTrialsMin, fewestToMeet(rules, walk))
  const last = Math.min(trialsMax, rows.length + further)
  const numbers = numbersFrom(rows.length + 1, last).filter((number) => !follower.has(number))
  await runNumbered(executor, numbers, profileOf(executor.facts.budget), {
    seed,
    signal: AbortSignal.any([enough.signal, ...(signal ? [signal] : [])]),
    onTrial: (trial) => {
      follower.add(trial)
      onTrial(trial.record, last)
      if (endOf(rules, follower.walk) === 'missed') enough.abort()
    },
  })
}

/** Holds the trials that have ended, and how far the walk has come with those that came without a gap. */
class Follower {
  /** As many gates as are known of. */
  rules: GateRules
  readonly #budget: Budget
  readonly #ahead = new Map<number, MeasuredTrial>()
  readonly #trials: MeasuredTrial[] = []
  readonly #rows: SampleRow[] = []
  #walk: Walk = atStart

  constructor(budget: Budget, rules: GateRules) {
    this.#budget = budget
    this.rules = rules
  }

  get trials(): readonly MeasuredTrial[] {
    return this.#trials
  }

  get rows(): readonly SampleRow[] {
    return this.#rows
  }

  get walk(): Walk {
    return this.#walk
  }

  has(number: number): boolean {
    return number <= this.#trials.length || this.#ahead.has(number)
  }

  add(trial: MeasuredTrial): void {
    this.#ahead.set(trial.number, trial)
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const row = rowOf(next.number, next.record, this.#budget)
      this.#ahead.delete(next.number)
      this.#trials.push(next)
      this.#rows.push(row)
      this.#walk = step(this.rules, this.#walk, isSuccess(row, this.#budget))
    }
  }

  #next(): MeasuredTrial | undefined {
    return this.#ahead.get(this.#trials.length + 1)
  }
}
