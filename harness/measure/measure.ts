/**
 * Measures a scenario's reliability: independent trials, each with a seed of its own, under faults that are drawn from
 * the scenario's profile. It drives an executor, as the search does, and shares no trial with it: what was searched for
 * is no sample.
 */
import type { Budget } from '../budget.js'
import { profileOf } from '../profile.js'
import type { MeasureReport } from '../report.js'
import type { Executor, TrialRecord, TrialSpec } from '../run/executor.js'
import type { SampleRow } from '../sample.js'
import { isOwn, type Shard } from '../shard.js'
import { stream } from '../world/entropy.js'
import { aimOf, type Decidability, designGate } from './gate.js'
import { rowOf } from './outcome.js'
import { summarise } from './summary.js'

export interface MeasureOptions {
  readonly seed: number
  /** A gate that needs more trials than this is refused before it starts. */
  readonly trialsMax: number
  /** Aborted: no further trial is begun, and the gate is inconclusive. */
  readonly signal?: AbortSignal | undefined
  /** Runs the trials of this shard alone, of a number that is settled before the first; the gate is for the merge. */
  readonly shard?: Shard | undefined
  /** Told after each trial: how many are done, how many there will be, how many violated something. */
  readonly onProgress?: (done: number, planned: number, violations: number) => void
}

export interface Measured {
  readonly report: MeasureReport
  /** The trials that were run, in the order of their numbers. */
  readonly trials: readonly MeasuredTrial[]
}

export interface MeasuredTrial {
  /** From 1. */
  readonly number: number
  /** What the trial drew is the record's plan. */
  readonly record: TrialRecord
}

/** Whether there is a reliability to measure. */
export function isMeasurable({ canary, budget }: Executor['facts']): boolean {
  return canary === null && budget.reliability !== undefined
}

/** Measures against `budget.reliability`, which must be there. Expects a baseline that is sound. */
export async function measure(executor: Executor, options: MeasureOptions): Promise<Measured> {
  const { budget } = executor.facts
  const { decidability } = question(budget, options.trialsMax)
  const planned = decidability.kind === 'decidable' ? decidability.design.trials : 0
  const trials = await sampled(executor, planned, budget, options)
  const rows = trials.map(({ number, record }) => rowOf(number, record, budget.spend))
  return { report: measured(budget, rows, options.trialsMax, options.shard), trials }
}

/** What measured trials say, wherever they were run: of a shard what can be said of a part, of all rows the verdict. */
export function measured(
  budget: Budget,
  rows: readonly SampleRow[],
  trialsMax: number,
  shard?: Shard | undefined,
): MeasureReport {
  return summarise({ budget, rows, shard, ...question(budget, trialsMax) })
}

function question(budget: Budget, trialsMax: number): { readonly target: number; readonly decidability: Decidability } {
  const target = budget.reliability
  if (target === undefined) throw new Error('there is no reliability to measure against')
  return { target, decidability: designGate({ reliability: target, aim: aimOf(target, budget.aim) }, trialsMax) }
}

async function sampled(
  executor: Executor,
  trials: number,
  budget: Budget,
  { seed, shard, signal, onProgress }: MeasureOptions,
): Promise<MeasuredTrial[]> {
  const profile = profileOf(budget)
  const numbers = Array.from({ length: trials }, (_, index) => index + 1).filter((number) => isOwn(number, shard))
  const specs = numbers.map(
    (number): TrialSpec => ({ plan: [], profile, seed: trialSeed(seed, number - 1), detail: 'brief' }),
  )
  let done = 0
  let violations = 0
  const onTrial = ({ judgements }: TrialRecord) => {
    done++
    if (judgements.some(({ verdict }) => verdict.kind === 'violated')) violations++
    onProgress?.(done, specs.length, violations)
  }
  const records = await executor.run(specs, { onTrial, signal })
  return numbers.flatMap((number, index) => {
    const record = records[index]
    return record ? [{ number, record }] : []
  })
}

/**
 * The seed of the `index`-th trial (from 0): the first two draws of the stream `measure:INDEX` of the run's seed, as the
 * high 21 and the low 32 bits of a whole number. 53 bits, so that no two trials of a sample are the same one twice.
 */
export function trialSeed(seed: number, index: number): number {
  const draw = stream(seed, `measure:${index}`)
  return Math.floor(draw() * 2 ** 21) * 2 ** 32 + Math.floor(draw() * 2 ** 32)
}
