/** Executors that hand trials to a queue. Single trials, and those that ask for a process of some kind, run on this machine. */
import type {
  Executors,
  OpenExecutor,
  OpenExecutors,
  RunOptions,
  ScenarioSource,
  TrialRecord,
  TrialSpec,
} from '../../contracts/executor.js'
import { type JudgedTwice, joinJudged } from '../../contracts/report/judged-twice.js'
import { secretsIn } from './address.js'
import { type Coordinator, dropped, type LeftRange } from './coordinator.js'
import { differenceOf, isAudited, isForHere, type RangeResult, rangeLength, type TrialRange } from './protocol.js'

/** `openHere` runs what is not for the queue. */
export function openQueue(coordinator: Coordinator, url: string, openHere: OpenExecutors): OpenExecutors {
  return (settings): Executors => {
    settings.onSecrets(secretsIn(url))
    const here = openHere(settings)
    const numbers = { next: 0 }
    return {
      open: async (source, concurrency) => {
        const executor = await here.open(source, concurrency)
        return new Queued(executor, source, coordinator, settings.onSecrets, numbers)
      },
      close: () => here.close(),
    }
  }
}

/** Trials that are waited for together. */
interface Piece {
  /** Of the specs that were asked for. */
  readonly indexes: readonly number[]
  /** Where they stand in a range that was there before. */
  readonly left?: readonly LeftRange[]
}

/** What a piece has come to. */
interface Found {
  /** In the order of the piece. */
  readonly records: readonly (TrialRecord | undefined)[]
  /** Ranges of which nothing else is wanted. */
  readonly jobs: readonly string[]
}

/** So many ranges wait or run at once: more would only take the server's memory. */
const aheadMost = 256

class Queued implements OpenExecutor {
  readonly #here: OpenExecutor
  readonly #source: ScenarioSource
  readonly #coordinator: Coordinator
  readonly #onSecrets: (secrets: readonly string[]) => void
  /** Of all ranges of the run. */
  readonly #numbers: { next: number }
  readonly #judged = new Map<string, JudgedTwice>()
  readonly #changes = new Set<string>()
  readonly #differences: string[] = []

  constructor(
    here: OpenExecutor,
    source: ScenarioSource,
    coordinator: Coordinator,
    onSecrets: (secrets: readonly string[]) => void,
    numbers: { next: number },
  ) {
    this.#here = here
    this.#source = source
    this.#coordinator = coordinator
    this.#onSecrets = onSecrets
    this.#numbers = numbers
  }

  get facts() {
    return this.#here.facts
  }

  async run(specs: readonly TrialSpec[], options: RunOptions = {}): Promise<(TrialRecord | undefined)[]> {
    if (isForHere(specs, options)) return this.#here.run(specs, options)
    const records: (TrialRecord | undefined)[] = specs.map(() => undefined)
    const { signal, onTrial } = options
    const begun = new Set<string>()
    const cancel = () => this.#coordinator.drop(begun)
    signal?.addEventListener('abort', cancel, { once: true })
    const pieces = this.#piecesOf(specs).values()
    const lane = async () => {
      for (const piece of pieces) {
        if (signal?.aborted) return
        const found = await this.#runPiece(piece, specs, begun)
        for (const [at, index] of piece.indexes.entries()) {
          const record = found?.records[at]
          if (!record) continue
          records[index] = record
          onTrial?.(record, index)
        }
        // Not before: where this process is killed, another one finds them there.
        this.#coordinator.forget(found?.jobs ?? [])
      }
    }
    try {
      await Promise.all(Array.from({ length: aheadMost }, lane))
    } finally {
      signal?.removeEventListener('abort', cancel)
      // Where one has failed, nobody waits for the others.
      cancel()
    }
    return records
  }

  /** What two machines made of one range. */
  disagreements(): readonly string[] {
    return this.#differences
  }

  judgedTwice(): JudgedTwice {
    const here = this.#here.judgedTwice?.()
    return joinJudged([...(here ? [here] : []), ...this.#judged.values()])
  }

  async changes(): Promise<readonly string[]> {
    const here = (await this.#here.changes?.()) ?? []
    return [...new Set([...here, ...this.#changes])].sort()
  }

  close(): void {
    this.#here.close()
  }

  /** What stands in the queue from before, and then ranges of what does not. */
  #piecesOf(specs: readonly TrialSpec[]): Piece[] {
    const left = new Map<string, { indexes: number[]; left: LeftRange[] }>()
    const fresh: number[] = []
    for (const [index, spec] of specs.entries()) {
      const taken = this.#coordinator.takeLeft(this.#source, spec)
      if (!taken) {
        fresh.push(index)
        continue
      }
      const piece = left.get(taken.job) ?? { indexes: [], left: [] }
      piece.indexes.push(index)
      piece.left.push(taken)
      left.set(taken.job, piece)
    }
    const length = rangeLength(specs.length)
    const cut = Array.from({ length: Math.ceil(fresh.length / length) }, (_, at) => ({
      indexes: fresh.slice(at * length, (at + 1) * length),
    }))
    return [...left.values(), ...cut]
  }

  /** Nothing where nobody waits for it any more. */
  async #runPiece(
    { indexes, left }: Piece,
    specs: readonly TrialSpec[],
    begun: Set<string>,
  ): Promise<Found | undefined> {
    try {
      if (left) {
        const result = await this.#coordinator.resultLeft(left[0]?.job ?? '')
        this.#note(result)
        return { records: left.map(({ at }) => result.records[at]), jobs: [] }
      }
      const wanted = indexes.flatMap((index) => specs[index] ?? [])
      return await this.#runRange(wanted, begun)
    } catch (error) {
      if (error === dropped) return undefined
      throw error
    }
  }

  async #runRange(specs: readonly TrialSpec[], begun: Set<string>): Promise<Found> {
    const range = { source: this.#source, specs }
    const isTwice = isAudited(this.#numbers.next++)
    const jobs: string[] = []
    const begin = (each: TrialRange) => {
      const { job, result } = this.#coordinator.begin(each)
      jobs.push(job)
      begun.add(job)
      return result.finally(() => begun.delete(job))
    }
    const [result, again] = await Promise.all([begin(range), isTwice ? begin({ ...range, again: true }) : undefined])
    this.#note(result)
    if (again) {
      this.#note(again)
      const difference = differenceOf(result, again)
      if (difference !== undefined) this.#differences.push(difference)
    }
    return { records: result.records, jobs }
  }

  #note({ judged, changes, secrets }: RangeResult): void {
    this.#onSecrets(secrets)
    for (const name of changes) this.#changes.add(name)
    if (!judged) return
    const [id, sum] = judged
    if (sum.trials >= (this.#judged.get(id)?.trials ?? 0)) this.#judged.set(id, sum)
  }
}
