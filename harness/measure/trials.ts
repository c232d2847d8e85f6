/**
 * Runs measured trials by their numbers. A trial is settled by its number: its seed follows from it, and what strikes it
 * follows from the seed. So it does not matter which trials are run together, nor in which order they end.
 */

import type { Executor, TrialRecord, TrialSpec } from '../contracts/executor.js'
import type { FaultProfile } from '../contracts/profile.js'
import { trialSeed } from '../contracts/stream.js'

export interface MeasuredTrial {
  /** From 1. */
  readonly number: number
  /** What the trial drew is the record's plan. */
  readonly record: TrialRecord
}

export interface TrialRunOptions {
  readonly seed: number
  readonly signal?: AbortSignal | undefined
  /** Called after each trial, in whatever order they end. */
  readonly onTrial?: (trial: MeasuredTrial) => void
}

/** The trials that were run, in the order of the numbers; an abort leaves some out. */
export async function runNumbered(
  executor: Executor,
  numbers: readonly number[],
  profile: FaultProfile,
  { seed, signal, onTrial }: TrialRunOptions,
): Promise<MeasuredTrial[]> {
  const specs = numbers.map(
    (number): TrialSpec => ({ plan: [], profile, seed: trialSeed(seed, 'measure', number - 1), detail: 'brief' }),
  )
  const numberOf = new Map(specs.map((spec, index) => [spec.seed, numbers[index] ?? 0]))
  const records = await executor.run(specs, {
    signal,
    onTrial: (record) => onTrial?.({ number: numberOf.get(record.seed) ?? 0, record }),
  })
  return records.flatMap((record, index) => (record ? [{ number: numbers[index] ?? 0, record }] : []))
}

/** The numbers from `first` to `last`. */
export function numbersFrom(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
}
