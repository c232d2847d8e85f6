/**
 * Measures a scenario's reliability: independent trials, each with a seed of its own, under faults that are drawn from
 * the scenario's profile. It drives an executor, as the search does, and shares no trial with it: what was searched for
 * is no sample.
 */
import type { Budget } from '../budget.js'
import { profileOf } from '../profile.js'
import type { MeasureReport } from '../report.js'
import type { Executor, TrialRecord, TrialSpec } from '../run/executor.js'
import { stream } from '../world/entropy.js'
import { aimOf, designGate } from './gate.js'
import { summarise } from './summary.js'

export interface MeasureOptions {
  readonly seed: number
  /** A gate that needs more trials than this is refused before it starts. */
  readonly trialsMax: number
  /** Aborted: no further trial is begun, and the gate is inconclusive. */
  readonly signal?: AbortSignal | undefined
  /** Told after each trial: how many are done, how many there will be, how many violated something. */
  readonly onProgress?: (done: number, planned: number, violations: number) => void
}

export interface Measured {
  readonly report: MeasureReport
  /** The trials that were run, in the order of their seeds; what they drew is the plan of each record. */
  readonly records: readonly TrialRecord[]
}

/** Whether there is a reliability to measure. */
export function isMeasurable({ canary, budget }: Executor['facts']): boolean {
  return canary === null && budget.reliability !== undefined
}

/** Measures against `budget.reliability`, which must be there. Expects a baseline that is sound. */
export async function measure(executor: Executor, options: MeasureOptions): Promise<Measured> {
  const { budget } = executor.facts
  const target = budget.reliability
  if (target === undefined) throw new Error('there is no reliability to measure against')
  const decidability = designGate({ reliability: target, aim: aimOf(target, budget.aim) }, options.trialsMax)
  const trials = decidability.kind === 'decidable' ? decidability.design.trials : 0
  const records = await sampled(executor, trials, budget, options)
  return { report: summarise({ budget, target, decidability, records }), records }
}

async function sampled(
  executor: Executor,
  trials: number,
  budget: Budget,
  { seed, signal, onProgress }: MeasureOptions,
): Promise<TrialRecord[]> {
  const profile = profileOf(budget)
  const specs = Array.from(
    { length: trials },
    (_, index): TrialSpec => ({ plan: [], profile, seed: trialSeed(seed, index), detail: 'brief' }),
  )
  let done = 0
  let violations = 0
  const onTrial = ({ judgements }: TrialRecord) => {
    done++
    if (judgements.some(({ verdict }) => verdict.kind === 'violated')) violations++
    onProgress?.(done, trials, violations)
  }
  const records = await executor.run(specs, { onTrial, signal })
  return records.filter((record) => record !== undefined)
}

/**
 * The seed of the `index`-th trial (from 0): the first two draws of the stream `measure:INDEX` of the run's seed, as the
 * high 21 and the low 32 bits of a whole number. 53 bits, so that no two trials of a sample are the same one twice.
 */
export function trialSeed(seed: number, index: number): number {
  const draw = stream(seed, `measure:${index}`)
  return Math.floor(draw() * 2 ** 21) * 2 ** 32 + Math.floor(draw() * 2 ** 32)
}
