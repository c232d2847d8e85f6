/**
 * What a coordinator and its workers say to each other through a queue, as plain data, and what follows from it without one. Both
 * sides are of one version, which is seen to before anything else.
 */
import { type CodeDigests, shortDigest } from '../../contracts/digest.js'
import {
  type RunOptions,
  type ScenarioSource,
  type TrialRecord,
  type TrialSpec,
  trialParts,
} from '../../contracts/executor.js'
import type { JudgedTwice } from '../../contracts/report/judged-twice.js'

/** What all runs on one server have in common: a list of them, as a queue that nobody takes from. */
export const runsQueue = 'runs'

/** The ranges of one run. */
export function rangesQueue(id: string): string {
  return `run-${id}`
}

/** A run, as its workers have to know it. */
export interface QueuedRun {
  /** Of this package. */
  readonly version: string
  /** Which process leads it: another one that goes on with the run takes its place. */
  readonly owner: string
  /** The machine that leads it. */
  readonly host: string
  /** The folder of the run, on that machine. */
  readonly root: string
  /** Scenario files, from there. */
  readonly files: readonly string[]
  /** Configuration file, from there. */
  readonly config?: string | undefined
  /** What else its result follows from, from there: a file of known violations. */
  readonly known?: string | undefined
  readonly code: CodeDigests
  readonly trialTimeout: number
  readonly memoryMax: number
  /** Trials say what they read of time and chance that no seed repeats. */
  readonly strict?: boolean | undefined
  /** In milliseconds since 1970. */
  readonly startedAt: number
}

/** What a coordinator tells of itself, over and over. */
export interface Beat {
  /** It goes up for as long as the coordinator runs. */
  readonly beat: number
  /** Trials that workers have done. */
  readonly trials: number
}

/** Trials of one scenario that one worker process runs. */
export interface TrialRange {
  readonly source: ScenarioSource
  readonly specs: readonly TrialSpec[]
  /** It has run before, or runs elsewhere at the same time: the two must agree. */
  readonly again?: true
}

/** What came of a range. */
export interface RangeResult {
  /** The machine and the process that ran it. */
  readonly by: string
  readonly records: readonly TrialRecord[]
  /** Of all ranges of the scenario that this process has run so far, by an id of its own. */
  readonly judged?: readonly [id: string, sum: JudgedTwice] | undefined
  /** What its trials have changed of their process. */
  readonly changes: readonly string[]
  /** What they put into the environment. */
  readonly secrets: readonly string[]
}

/** Fewer are run where the search is: a way through the queue and back would take longer. */
export const trialsLeast = 4
/** Some seconds of work. */
const rangeMost = 200
/** So that there is something to do for so many worker processes. */
const rangesWanted = 16

/** How many trials a range has, of so many that are asked for at once. Whoever cuts anew cuts alike, however many workers there are. */
export function rangeLength(trials: number): number {
  return Math.min(rangeMost, Math.max(trialsLeast, Math.ceil(trials / rangesWanted)))
}

/** Whether the trials have to run where the search is: what is asked for is a process of some kind. */
export function isForHere(specs: readonly TrialSpec[], { fresh, elsewhere }: RunOptions): boolean {
  return fresh === true || elsewhere === true || specs.length < trialsLeast
}

/** One range in so many runs twice. */
const auditEvery = 100

/** The first does, so that a short run sees two machines disagree too. `number` is from 0. */
export function isAudited(number: number): boolean {
  return number % auditEvery === 0
}

/** Equal ones ask for the same trial of one scenario. */
export function trialKey({ file }: ScenarioSource, spec: TrialSpec): string {
  return shortDigest(JSON.stringify([file, ...trialParts(spec)]))
}

/** What to tell where two runs of one range differ; nothing where they agree. */
export function differenceOf(one: RangeResult, other: RangeResult): string | undefined {
  const at = one.records.findIndex((record, index) => textOf(record) !== textOf(other.records[index]))
  const record = one.records[at]
  if (!record) return undefined
  const under = record.plan === '' ? 'without faults' : `under "${record.plan}"`
  return `${under}, seed ${record.seed}, the trial came out otherwise on ${one.by} than on ${other.by}`
}

/** What somebody else wrote into a pipe does not belong to the trial. */
function textOf(record: TrialRecord | undefined): string {
  return JSON.stringify({ ...record, intruded: undefined })
}

/** The same data with each path below `from` told as one below `to`: machines have their folders in different places. */
export function rebase<T>(data: T, from: string, to: string): T {
  if (from === to) return data
  const [old, fresh] = [from, to].map((folder) => JSON.stringify(folder).slice(1, -1)) as [string, string]
  return JSON.parse(JSON.stringify(data).replaceAll(old, () => fresh)) as T
}

/** Data in one text: what PostgreSQL keeps as data loses the order of its keys, and may hold no NUL. */
export type Packed<T> = string & { readonly of?: T }

export function pack<T>(data: T): Packed<T> {
  return JSON.stringify(data)
}

export function unpack<T>(packed: Packed<T>): T {
  return JSON.parse(packed) as T
}
