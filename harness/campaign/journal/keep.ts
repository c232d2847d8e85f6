/**
 * Executors that know what an earlier run has done. A trial whose record stands in the journal is not run again, and every other one is
 * written there as it ends. A run asks for its trials in one order, whatever its machine does. So a trial is known by what it is
 * asked to be, and by how often that was asked before.
 */
import { shortDigest } from '../../contracts/digest.js'
import {
  type Executors,
  type OpenExecutor,
  type RunOptions,
  type ScenarioSource,
  type TrialRecord,
  type TrialSpec,
  trialParts,
} from '../../contracts/executor.js'
import { joinJudged } from '../../contracts/report/judged-twice.js'
import type { Journal } from './journal.js'

export function keepIn(journal: Journal, executors: Executors): Executors {
  return {
    open: async (source, concurrency) => {
      // While the workers start: they have been asked to when the loop comes round.
      const writeHead = async () => {
        await new Promise((resolve) => setImmediate(resolve))
        journal.writeHead()
      }
      const [executor] = await Promise.all([executors.open(source, concurrency), writeHead()])
      return openKeeping(executor, source, journal)
    },
    close: () => executors.close(),
  }
}

function openKeeping(executor: OpenExecutor, { file }: ScenarioSource, journal: Journal): OpenExecutor {
  const count = countKeys()
  const keyFor = (spec: TrialSpec, options: RunOptions): string => {
    const key = keyOf(spec, options)
    const times = count(key)
    return times === 1 ? key : `${key}:${times}`
  }
  const before = journal.judgedIn(file)
  const sumUp = () => {
    const now = executor.judgedTwice?.()
    return now && before ? joinJudged([before, now]) : (now ?? before)
  }
  const run = async (specs: readonly TrialSpec[], options: RunOptions = {}): Promise<(TrialRecord | undefined)[]> => {
    const keys = specs.map((spec) => keyFor(spec, options))
    const records = keys.map((key) => journal.recordOf(file, key))
    if (!options.signal?.aborted) {
      for (const [index, record] of records.entries()) if (record) options.onTrial?.(record, index)
    }
    const missing = specs.flatMap((_, index) => (records[index] ? [] : [index]))
    if (missing.length === 0) return records
    const some = missing.flatMap((index) => specs[index] ?? [])
    const onTrial = (record: TrialRecord, at: number) => {
      const index = missing[at] ?? at
      const key = keys[index]
      if (key !== undefined) journal.add(file, key, record, sumUp())
      options.onTrial?.(record, index)
    }
    const ran = await executor.run(some, { ...options, onTrial })
    for (const [at, index] of missing.entries()) records[index] = ran[at]
    return records
  }
  return {
    facts: executor.facts,
    run,
    ...(executor.changes && { changes: () => executor.changes?.() ?? Promise.resolve([]) }),
    ...(executor.judgedTwice && { judgedTwice: () => sumUp() ?? joinJudged([]) }),
    ...(executor.disagreements && { disagreements: () => executor.disagreements?.() ?? [] }),
    close: () => executor.close(),
  }
}

const placesMost = 2 ** 21

/**
 * Counts how often a key came. A run may have a million of them, so the table has a fixed size. Keys that share a place in it are
 * counted together, and alike in every run.
 */
function countKeys(): (key: string) => number {
  const counts = new Uint16Array(placesMost)
  return (key) => {
    const place = Number.parseInt(key.slice(0, 8), 16) % placesMost
    const count = (counts[place] ?? 0) + 1
    counts[place] = count
    return count
  }
}

function keyOf(spec: TrialSpec, { fresh = false, elsewhere = false }: RunOptions): string {
  return shortDigest(JSON.stringify([...trialParts(spec), fresh, elsewhere]))
}
