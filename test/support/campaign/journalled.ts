/** Runs of two scenarios that keep a journal, or go on from one, and how many trials they took. */
import { readFileSync, writeFileSync } from 'node:fs'
import { Journal, type JournalHead } from '../../../harness/campaign/journal/journal.js'
import { keepIn } from '../../../harness/campaign/journal/keep.js'
import type { Executor, OpenExecutor } from '../../../harness/contracts/executor.js'
import { json } from '../../../reports/index.js'
import { makeExecutor, type Nature, type Run, reportOf } from './shards.js'

const nature: Nature = {
  salt: 7,
  violating: 0.1,
  inconclusive: 0.05,
  vacuous: 0.1,
  failing: 0.1,
  landing: 0.9,
  leaking: 0.1,
  killed: 0.02,
}

export const head: JournalHead = {
  writtenBy: '1.2.3',
  options: 'trials: 60',
  code: () => ({ 'a.ts': '1', 'b.ts': '2' }),
  remembered: [],
}

export interface Ran {
  /** The report, as JSON. */
  readonly text: string
  readonly trials: number
}

export interface WentOn extends Ran {
  /** How many trials stood in the journal. */
  readonly known: number
  readonly damagedLine: number | undefined
}

type Bounds = Omit<Run, 'executors'>

/** With a journal, if there is one. */
export async function runTwo(bounds: Bounds, journal?: Journal): Promise<Ran> {
  let trials = 0
  const counting = (executor: Executor): OpenExecutor => ({
    facts: executor.facts,
    run: (specs, options) => {
      trials += specs.length
      return executor.run(specs, options)
    },
    close: () => {},
  })
  const opened = await Promise.all(
    ['one', 'two'].map(async (name) => {
      const executor = counting(makeExecutor(name, { ...nature, salt: name.length }))
      if (!journal) return executor
      const executors = keepIn(journal, { open: async () => executor, close: () => {} })
      return executors.open({ package: null, file: name, digest: '' }, () => 1)
    }),
  )
  const report = await reportOf({ ...bounds, executors: () => opened })
  return { text: json(report), trials }
}

/** What a run leaves that is killed after its last trial. */
export async function journalOf(path: string, bounds: Bounds): Promise<Buffer> {
  const journal = Journal.begin(path, head)
  await runTwo(bounds, journal)
  journal.close()
  return readFileSync(path)
}

/** From a journal of these bytes, which is gone then. */
export async function goOnFrom(path: string, bytes: Uint8Array, bounds: Bounds): Promise<WentOn> {
  writeFileSync(path, bytes)
  const journal = Journal.resume(path, head)
  const { trials: known, damagedLine } = journal
  const ran = await runTwo(bounds, journal)
  journal.end()
  return { known, damagedLine, ...ran }
}
