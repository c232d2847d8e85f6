/**
 * The same trials at several fault rates: how reliability falls as the world gets worse. A draw is compared with the
 * rate, so what a lower rate strikes a higher one strikes too. So trials with equal seeds can be compared one by one.
 * Of two samples that were drawn apart it would take many times as many to see the same difference.
 */
import type { Budget } from '../contracts/budget.js'
import type { Executor, TrialRecord } from '../contracts/executor.js'
import { atRate, profileOf } from '../contracts/profile.js'
import type { SweptRate } from '../contracts/report/measure-report.js'
import { type SampleRow, sampleOf } from '../contracts/report/sample.js'
import { isOwn, type Shard } from '../contracts/shard.js'
import { costPerSuccess } from './cost.js'
import { curvesOf } from './curve.js'
import { isSuccess, outcomesOf, rowOf } from './outcome.js'
import { pairsOf } from './pairs.js'
import { unitOf } from './spend.js'
import { bandHalfWidth, wilson } from './statistics.js'
import { faultRateOf } from './summary.js'
import { type MeasuredTrial, numbersFrom, runNumbered } from './trials.js'

export interface SweepOptions {
  readonly rates: readonly number[]
  /** At each rate. */
  readonly trials: number
}

/** The sample of one rate. */
export interface RateSample {
  readonly rate: number
  readonly rows: readonly SampleRow[]
}

/** The rates, each once and the lowest first. */
export function ratesOf({ rates }: SweepOptions): number[] {
  return [...new Set(rates)].sort((left, right) => left - right)
}

export interface SweepRunOptions {
  readonly seed: number
  readonly signal?: AbortSignal | undefined
  readonly shard?: Shard | undefined
  readonly onTrial: (record: TrialRecord) => void
}

/**
 * Runs the trials, rate by rate. They have the same numbers at each, but are told apart by numbers that go on from rate to
 * rate. Of a rate that an abort left incomplete nothing can be said.
 */
export async function runSweep(
  executor: Executor,
  sweep: SweepOptions,
  { seed, signal, shard, onTrial }: SweepRunOptions,
): Promise<{ readonly samples: readonly RateSample[]; readonly trials: readonly MeasuredTrial[] }> {
  const { budget } = executor.facts
  const numbers = numbersFrom(1, sweep.trials).filter((number) => isOwn(number, shard))
  const ran: MeasuredTrial[] = []
  const samples: RateSample[] = []
  for (const [index, rate] of ratesOf(sweep).entries()) {
    const all = await runNumbered(executor, numbers, atRate(profileOf(budget), rate), {
      seed,
      signal,
      onTrial: ({ record }) => onTrial(record),
    })
    ran.push(...all.map(({ number, record }) => ({ number: index * sweep.trials + number, record })))
    if (all.length === 0 || all.length < numbers.length) break
    samples.push({ rate, rows: all.map(({ number, record }) => rowOf(number, record, budget)) })
  }
  return { samples, trials: ran }
}

/** What the samples of a sweep add up to, in the order of their rates. */
export function sweepOf(samples: readonly RateSample[], budget: Budget): SweptRate[] {
  return samples.map((sample, index) => {
    const { rate, rows } = sample
    const successes = rows.filter((row) => isSuccess(row, budget)).length
    return {
      faultRate: faultRateOf(rate, rows),
      trials: rows.length,
      successes,
      estimate: successes / rows.length,
      interval: wilson(successes, rows.length),
      outcomes: outcomesOf(rows),
      curves: curvesOf(rows, budget, bandHalfWidth(rows.length)),
      costPerSuccess: costPerSuccess(unitOf(rows, budget.spend), rows, budget),
      sample: sampleOf(rows),
      against: againstNextLower(sample, samples[index - 1], budget),
    }
  })
}

function againstNextLower(sample: RateSample, lower: RateSample | undefined, budget: Budget): SweptRate['against'] {
  if (lower === undefined) return null
  const wins = ({ rows }: RateSample) => rows.map((row) => isSuccess(row, budget))
  return { faultRate: lower.rate, ...pairsOf(wins(lower), wins(sample)) }
}
