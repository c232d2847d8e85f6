/** Trials with their numbers, and running them. Apart from the search, which says what they are to be. */
import type { Plan } from '../../faults/plan/plan.js'
import type { Executor, TrialRecord, TrialSpec } from '../contracts/executor.js'
import { isOwn } from '../contracts/shard.js'
import type { Findings } from './findings.js'
import type { SearchOptions } from './options.js'

/** What a trial runs under, before it has a number. */
export type PlannedTrial = Pick<TrialSpec, 'plan' | 'seed'>

/** A trial with its number in the search, from 1: other shards have the others. */
export interface Numbered extends PlannedTrial {
  readonly trial: number
  /** It is run again, to see whether it repeats. */
  readonly isSample: boolean
  /** What it comes to says what to plan next. */
  readonly isProbe: boolean
}

/** Numbers trials from `from` on. Every so many of all of them are samples. */
export function number(
  trials: readonly PlannedTrial[],
  from: number,
  sampleEvery: number,
  isProbe: (plan: Plan) => boolean = () => false,
): Numbered[] {
  return trials.map((each, index) => ({
    ...each,
    trial: from + index,
    isSample: (from + index - 1) % sampleEvery === 0,
    isProbe: isProbe(each.plan),
  }))
}

/** A trial that was kept whole. */
export interface Ran extends Numbered {
  readonly spec: TrialSpec
  readonly record: TrialRecord
}

export function specOf({ plan, seed, isSample, isProbe }: Numbered): TrialSpec {
  return { plan, seed, detail: isSample || isProbe ? 'full' : 'brief' }
}

/** Trials of a canary's search between two looks at whether it has been caught. */
const canaryBatch = 8

/** Runs the shard's own of a search's trials, and counts what they come to. */
export class Course {
  readonly #executor: Executor
  readonly #findings: Findings
  readonly #options: SearchOptions
  #done = 0
  #violations = 0

  constructor(executor: Executor, findings: Findings, options: SearchOptions) {
    this.#executor = executor
    this.#findings = findings
    this.#options = options
  }

  /** Nothing more is to be run: a canary was caught, or somebody called it off. */
  get isOver(): boolean {
    return this.#findings.canary() !== undefined || (this.#options.signal?.aborted ?? false)
  }

  /** Returns those that were kept whole. `planned` is how many there are in all, as far as is known. */
  async run(numbered: readonly Numbered[], planned: number): Promise<Ran[]> {
    const { shard, signal } = this.#options
    const own = numbered.filter(({ trial }) => isOwn(trial, shard))
    const batch = this.#executor.facts.canary === null ? own.length : canaryBatch
    const kept: Ran[] = []
    for (let from = 0; from < own.length && !this.isOver; from += batch) {
      const some = own.slice(from, from + batch)
      const onTrial = (record: TrialRecord) => this.#tell(record, planned)
      const records = await this.#executor.run(some.map(specOf), { onTrial, signal })
      for (const [index, each] of some.entries()) {
        const record = records[index]
        if (!record) continue
        const spec = specOf(each)
        this.#findings.add(each.trial, spec, record)
        if (spec.detail !== 'brief') kept.push({ ...each, spec, record })
      }
    }
    return kept
  }

  #tell({ judgements }: TrialRecord, planned: number): void {
    this.#done++
    if (judgements.some(({ verdict }) => verdict.kind === 'violated')) this.#violations++
    this.#options.onProgress?.({ phase: 'search', done: this.#done, planned, violations: this.#violations })
  }
}
