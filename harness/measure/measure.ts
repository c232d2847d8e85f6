/**
 * Measures a scenario's reliability: independent trials, each with a seed of its own, under faults that are drawn from
 * the scenario's profile. It drives an executor, as the search does, and shares no trial with it: what was searched for
 * is no sample.
 */
import type { Budget, GateKind } from '../budget.js'
import type { MeasureReport } from '../measure-report.js'
import { profileOf } from '../profile.js'
import type { Executor, TrialRecord } from '../run/executor.js'
import { type Decidability, designGate, questionOf } from './gate.js'
import { type InOrder, runInOrder } from './in-order.js'
import { rowOf } from './outcome.js'
import { summarise } from './summary.js'
import { runSweep, type SweepOptions, sweepOf } from './sweep.js'
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
  /** Told after each trial: how many are done, how many there will be as it looks now, how many violated something. */
  readonly onProgress?: (done: number, planned: number, violations: number) => void
}

export interface Measured {
  readonly report: MeasureReport
  /** The trials that the report rests on, in the order of their numbers, and then those of the sweep. */
  readonly trials: readonly MeasuredTrial[]
}

/** Measures against `budget.reliability`, which must be there. Expects a baseline that is sound. */
export async function measure(executor: Executor, options: MeasureOptions): Promise<Measured> {
  const { budget } = executor.facts
  const { seed, signal, trialsMax } = options
  const sweep = options.sweep ?? { rates: [], trials: 0 }
  const decidability = designOf(budget, trialsMax, options.gate)
  const tell = telling(options.onProgress, new Set(sweep.rates).size * sweep.trials)
  const { trials, gates } = await sampled(executor, decidability, options, tell)
  const swept = await runSweep(executor, sweep, { seed, signal, onTrial: (record) => tell(record) })
  const rows = trials.map(({ number, record }) => rowOf(number, record, budget.spend))
  const report = summarise({ budget, decidability, rows, gates, sweep: sweepOf(swept.samples, budget) })
  return { report, trials: [...trials, ...swept.trials] }
}

/** How the budget's question is answered; `gate` goes before what the budget says. */
export function designOf(budget: Budget, trialsMax: number, gate?: GateKind | undefined): Decidability {
  return designGate(questionOf(budget), gate ?? budget.gate ?? 'sequential', trialsMax)
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

async function sampled(
  executor: Executor,
  decidability: Decidability,
  { seed, signal, gates = async () => 1 }: MeasureOptions,
  tell: Tell,
): Promise<InOrder> {
  if (decidability.kind === 'refused') return { trials: [], gates: 1 }
  const { design } = decidability
  if (design.kind === 'sequential') return runInOrder(executor, design, { seed, signal, gates, onTrial: tell })
  const numbers = numbersFrom(1, design.trials)
  const onTrial = ({ record }: MeasuredTrial) => tell(record, design.trials)
  const trials = await runNumbered(executor, numbers, profileOf(executor.facts.budget), { seed, signal, onTrial })
  return { trials, gates: 1 }
}
