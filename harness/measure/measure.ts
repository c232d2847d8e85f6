/**
 * Measures a scenario's reliability: independent trials, each with a seed of its own, under faults that are drawn from
 * the scenario's profile. It drives an executor, as the search does, and shares no trial with it: what was searched for
 * is no sample.
 */
import type { Budget, GateKind } from '../contracts/budget.js'
import type { Executor, TrialRecord } from '../contracts/executor.js'
import { profileOf } from '../contracts/profile.js'
import type { MeasureReport } from '../contracts/report/measure-report.js'
import type { SampleRow } from '../contracts/report/sample.js'
import { isOwn, ownShare, type Shard } from '../contracts/shard.js'
import { type Decidability, designGate, questionOf } from './gate.js'
import { type InOrder, runInOrder } from './in-order.js'
import { rowOf } from './outcome.js'
import { summarise } from './summary.js'
import { type RateSample, ratesOf, runSweep, type SweepOptions, sweepOf } from './sweep.js'
import { type MeasuredTrial, numbersFrom, runNumbered } from './trials.js'

export interface MeasureOptions {
  readonly seed: number
  /** A gate that needs more trials than this is refused before it starts. */
  readonly trialsMax: number
  /** In place of what the budget says. */
  readonly gate?: GateKind | undefined
  /** How many gates the run has, which share what may fail wrongly; asked for only where it matters. 1 by default. */
  readonly gates?: (() => Promise<number>) | undefined
  /** Other fault rates to measure at, beside the gate. */
  readonly sweep?: SweepOptions | undefined
  /** Aborted: no further trial is begun, and the gate is inconclusive. */
  readonly signal?: AbortSignal | undefined
  /** Runs the trials of this shard alone, of a number that is settled before the first; the gate is for the merge. */
  readonly shard?: Shard | undefined
  /** Called after each trial: how many are done, how many there will be as it looks now, how many violated something. */
  readonly onProgress?: (done: number, planned: number, violations: number) => void
}

export interface Measurement {
  readonly report: MeasureReport
  /** The trials that the report rests on, in the order of their numbers; those of the sweep are counted on from the others. */
  readonly trials: readonly MeasuredTrial[]
}

/** Measures against `budget.reliability`, which must be there. Expects a baseline that is sound. */
export async function measure(executor: Executor, options: MeasureOptions): Promise<Measurement> {
  const { budget, pricesAsOf } = executor.facts
  const { seed, signal, trialsMax, shard } = options
  const sweep = options.sweep ?? { rates: [], trials: 0 }
  // Which trials a sequential gate takes depends on all that came before, and a shard does not know the others'.
  const decidability = designOf(budget, trialsMax, shard === undefined ? options.gate : 'fixed')
  const tell = telling(options.onProgress, ratesOf(sweep).length * ownShare(sweep.trials, shard))
  const { trials, gates } = await sample(executor, decidability, options, tell)
  const swept = await runSweep(executor, sweep, { seed, signal, shard, onTrial: (record) => tell(record) })
  const rows = trials.map(({ number, record }) => rowOf(number, record, budget))
  const sweptRates = sweepOf(swept.samples, budget)
  const report = summarise({ budget, pricesAsOf, decidability, rows, gates, shard, sweep: sweptRates })
  const before = sampleSize(decidability, trials)
  const after = swept.trials.map(({ number, record }) => ({ number: before + number, record }))
  return { report, trials: [...trials, ...after] }
}

/** What all trials of a sample of fixed size say, wherever they were run. */
export function measureRows(
  budget: Budget,
  rows: readonly SampleRow[],
  {
    trialsMax,
    pricesAsOf,
  }: { readonly trialsMax: number; readonly pricesAsOf: Measurement['report']['prices']['listsAsOf'] },
  sweep: readonly RateSample[] = [],
): MeasureReport {
  const decidability = designOf(budget, trialsMax, 'fixed')
  return summarise({ budget, pricesAsOf, decidability, rows, sweep: sweepOf(sweep, budget) })
}

/** How the budget's question is answered; `gate` goes before what the budget says. */
function designOf(budget: Budget, trialsMax: number, gate: GateKind | undefined): Decidability {
  return designGate(questionOf(budget), gate ?? budget.gate ?? 'sequential', trialsMax)
}

/** How many trials the gate's sample has, this part of it and the others. */
function sampleSize(decidability: Decidability, run: readonly MeasuredTrial[]): number {
  const isFixed = decidability.kind === 'decidable' && decidability.design.kind === 'fixed'
  return isFixed ? decidability.design.trials : run.length
}

/** `planned` holds until it is told otherwise. */
type Tell = (record: TrialRecord, planned?: number) => void

function telling(onProgress: MeasureOptions['onProgress'], swept: number): Tell {
  let [done, violations, sample] = [0, 0, 0]
  return ({ judgements }, planned = sample) => {
    done++
    sample = planned
    if (judgements.some(({ verdict }) => verdict.kind === 'violated')) violations++
    onProgress?.(done, Math.max(done, sample + swept), violations)
  }
}

async function sample(
  executor: Executor,
  decidability: Decidability,
  { seed, signal, shard, gates = async () => 1 }: MeasureOptions,
  tell: Tell,
): Promise<InOrder> {
  if (decidability.kind === 'refused') return { trials: [], gates: 1 }
  const { design } = decidability
  if (design.kind === 'sequential') return runInOrder(executor, design, { seed, signal, gates, onTrial: tell })
  const numbers = numbersFrom(1, design.trials).filter((number) => isOwn(number, shard))
  const onTrial = ({ record }: MeasuredTrial) => tell(record, numbers.length)
  const trials = await runNumbered(executor, numbers, profileOf(executor.facts.budget), { seed, signal, onTrial })
  return { trials, gates: 1 }
}
