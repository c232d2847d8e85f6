/** Trials with their numbers, and running them. Apart from the search, which says what they are to be. */
import type { Plan } from '../../faults/plan/plan.js'
import type { Reachable } from '../../faults/plan/reachable.js'
import type { Executor, TrialRecord, TrialSpec } from '../contracts/executor.js'
import { isOwn } from '../contracts/shard.js'
import { behaviourOf } from './behaviour.js'
import { pointsAfter } from './depth.js'
import type { Findings } from './findings.js'
import { reachableIn } from './ground.js'
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
  isProbe: (trial: PlannedTrial) => boolean = () => false,
): Numbered[] {
  return trials.map((each, index) => ({
    ...each,
    trial: from + index,
    isSample: (from + index - 1) % sampleEvery === 0,
    isProbe: isProbe(each),
  }))
}

/** A trial that was looked at closely. */
export interface Ran extends Numbered {
  /** The very one that it ran by: a trial that runs again is told by it from others. */
  readonly spec: TrialSpec
  /** Of a sample alone: whole records are large. */
  readonly record?: TrialRecord
  readonly reached: readonly Reachable[]
  /** What it came to once its plan had struck, each attempt for itself. */
  readonly after: readonly Reachable[]
  /** Of the trace: equal ones are the same trial. */
  readonly digest: string | undefined
}

export function reachedIn(record: TrialRecord | undefined): readonly Reachable[] | undefined {
  return record?.evidence ? reachableIn(record.evidence.trace) : undefined
}

export function specOf({ plan, seed, isSample, isProbe }: Numbered): TrialSpec {
  return { plan, seed, detail: isSample || isProbe ? 'full' : 'brief' }
}

function lookAt(each: Numbered, spec: TrialSpec, record: TrialRecord): Ran {
  const trace = record.evidence?.trace
  return {
    ...each,
    spec,
    ...(each.isSample && { record }),
    reached: reachedIn(record) ?? [],
    after: trace && each.isProbe ? pointsAfter(trace, each.plan.length) : [],
    digest: record.evidence?.digest,
  }
}

/** How many plans that showed something new are remembered. */
const promisingMost = 50

/** Trials of a canary's search between two looks at whether it has been caught. */
const canaryBatch = 8
/** Trials whose records are held at once: they are large, and a run may have a million. */
const batchMost = 1_000

/** Runs the shard's own of a search's trials, and counts what they come to. */
export class Course {
  readonly #executor: Executor
  readonly #findings: Findings
  readonly #options: SearchOptions
  /** Aborted once nothing more is to begin. */
  readonly #limit: AbortSignal
  readonly #seen = new Set<string>()
  #promising: Plan[] = []
  #done = 0
  #violations = 0

  constructor(executor: Executor, findings: Findings, options: SearchOptions) {
    this.#executor = executor
    this.#findings = findings
    this.#options = options
    const { signal, maxTime } = options
    const time = maxTime === undefined ? [] : [AbortSignal.timeout(Math.ceil(maxTime * 1_000))]
    this.#limit = AbortSignal.any([...(signal ? [signal] : []), ...time])
  }

  /** Plans that last showed something that no trial had shown. */
  get promising(): readonly Plan[] {
    return this.#promising
  }

  /** Nothing more is to be run: a canary was caught, somebody called it off, or the time is up. */
  get isOver(): boolean {
    return this.#findings.canary() !== undefined || this.#limit.aborted
  }

  get timeUp(): boolean {
    return this.#limit.aborted && !this.#options.signal?.aborted
  }

  /** Returns those that were kept whole. `planned` is how many there are in all, as far as is known. */
  async run(numbered: readonly Numbered[], planned: number): Promise<Ran[]> {
    const { shard } = this.#options
    const own = numbered.filter(({ trial }) => isOwn(trial, shard))
    const batch = this.#executor.facts.canary === null ? batchMost : canaryBatch
    const kept: Ran[] = []
    for (let from = 0; from < own.length && !this.isOver; from += batch) {
      const some = own.slice(from, from + batch)
      const specs = some.map(specOf)
      const onTrial = (record: TrialRecord) => this.#tell(record, planned)
      const records = await this.#executor.run(specs, { onTrial, signal: this.#limit })
      for (const [index, each] of some.entries()) {
        const [spec, record] = [specs[index], records[index]]
        if (!spec || !record) continue
        this.#findings.add(each.trial, spec, record)
        this.#learn(each.plan, record)
        if (spec.detail !== 'brief') kept.push(lookAt(each, spec, record))
      }
    }
    return kept
  }

  /** A swarm grows from what is learnt; nobody else asks for it. */
  #learn(plan: Plan, record: TrialRecord): void {
    if (this.#options.depth !== 'swarm') return
    const behaviour = behaviourOf(record)
    if (this.#seen.has(behaviour)) return
    this.#seen.add(behaviour)
    this.#promising = [...this.#promising, plan].slice(-promisingMost)
  }

  #tell({ judgements }: TrialRecord, planned: number): void {
    this.#done++
    if (judgements.some(({ verdict }) => verdict.kind === 'violated')) this.#violations++
    this.#options.onProgress?.({ phase: 'search', done: this.#done, planned, violations: this.#violations })
  }
}
