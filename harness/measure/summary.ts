/**
 * What a sample of measured trials adds up to, as it stands in the report. It is a pure function of its rows and of
 * what was asked for. So rows which were measured apart add up to what they would have been together.
 */
import type { Budget } from '../contracts/budget.js'
import { nominalRate, profileOf } from '../contracts/profile.js'
import type { MeasureReport, SweptRate } from '../contracts/report/measure-report.js'
import type { OutcomeCounts } from '../contracts/report/report.js'
import { type SampleRow, sampleOf } from '../contracts/report/sample.js'
import type { Shard } from '../contracts/shard.js'
import { costPerSuccess } from './cost.js'
import { curveOf, curvesOf } from './curve.js'
import { errorBudget } from './error-budget.js'
import { type Decidability, type Design, type GateJudgement, judgeGate, questionOf } from './gate.js'
import { judgedGate, pendingGate, refusedGate } from './gate-report.js'
import { isSuccess, outcomesOf } from './outcome.js'
import { allOfThemSucceed, oneOfThemSucceeds } from './repeats.js'
import { spendSummary, unitOf } from './spend.js'
import {
  bandHalfWidth,
  bandHalfWidthAtAnyStop,
  confidence,
  confidenceSequence,
  lowerBound,
  upperBound,
  wilson,
} from './statistics.js'

/** pass^k and pass@k are given for these. */
const repeats = [1, 2, 3, 4, 5] as const

const unjudged: GateJudgement = {
  verdict: 'open',
  trials: 0,
  struck: false,
  pValue: 1,
  trialsToTell: null,
  walk: null,
}

export interface MeasuredSample {
  /** Its reliability is there: without it nothing is measured. */
  readonly budget: Budget
  /** The day of each provider's list prices. */
  readonly pricesAsOf: Readonly<Record<string, string>>
  readonly decidability: Decidability
  /** In the order of their numbers. */
  readonly rows: readonly SampleRow[]
  /** How many gates the run has; 1 by default. */
  readonly gates?: number | undefined
  /** Where these are not all of the sample's trials, of which part they are. */
  readonly shard?: Shard | undefined
  readonly sweep?: readonly SweptRate[] | undefined
}

export function summarise(measured: MeasuredSample): MeasureReport {
  const { budget, pricesAsOf, decidability, rows: all, gates = 1, sweep = [] } = measured
  const question = questionOf(budget)
  const profile = profileOf(budget)
  const nominal = nominalRate(profile)
  const judgement = decidability.kind === 'refused' ? unjudged : judgementOf(decidability.design, all, budget, gates)
  // What was run beyond the trial that decided depends on how many were run at once.
  const rows = all.slice(0, judgement.trials)
  const [trials, successes] = [rows.length, rows.filter((row) => isSuccess(row, budget)).length]
  const outcomes = outcomesOf(rows)
  const isSequential = judgement.walk !== null
  const { interval, intervalBy, lower, upper } = knownOf(successes, trials, isSequential)
  const band = isSequential ? bandHalfWidthAtAnyStop(trials) : bandHalfWidth(trials)
  const unit = unitOf(rows, budget.spend)
  // The bootstrap knows nothing of why a sample ended: after a sequential gate its interval holds in as few as 0.76.
  const cost = costPerSuccess(unit, rows, budget)
  return {
    trials,
    successes,
    reliability: {
      target: question.reliability,
      aim: question.aim,
      faultRate: faultRateOf(nominal, rows),
      estimate: trials === 0 ? null : successes / trials,
      interval,
      intervalBy,
      lower,
      upper,
      confidence,
    },
    gate: gateOf(measured, judgement, successes, outcomes),
    outcomes,
    errorBudget: errorBudget(question.reliability, successes, trials, interval),
    profile: { ...profile, sites: [...profile.sites] },
    prices: { listsAsOf: pricesAsOf, own: Object.keys(budget.prices ?? {}) },
    spend: spendSummary(rows),
    curve: curveOf(unit, rows, budget, band),
    curves: curvesOf(rows, budget, band),
    costPerSuccess: { ...cost, interval: isSequential ? null : cost.interval },
    passHat: repeats.map((k) => ({ k, chance: allOfThemSucceed(k, successes, trials) })),
    passAt: repeats.map((k) => ({ k, chance: oneOfThemSucceeds(k, successes, trials) })),
    sweep: [...sweep],
    budget,
    sample: sampleOf(rows),
  }
}

/** What the design of the sample allows to say. A stop that its results brought about makes any other interval too narrow. */
function knownOf(successes: number, trials: number, isSequential: boolean) {
  if (isSequential) {
    const interval = confidenceSequence(successes, trials)
    return { interval, intervalBy: 'confidence-sequence', lower: interval.low, upper: interval.high } as const
  }
  const bounds = { lower: lowerBound(successes, trials), upper: upperBound(successes, trials) }
  return { interval: wilson(successes, trials), intervalBy: 'wilson', ...bounds } as const
}

function gateOf(
  { budget, decidability, gates = 1, shard }: MeasuredSample,
  judgement: GateJudgement,
  successes: number,
  { goalUnknown, cutShort }: OutcomeCounts,
): MeasureReport['gate'] {
  const question = questionOf(budget)
  if (decidability.kind === 'refused') return refusedGate(question, decidability, gates)
  const { design } = decidability
  if (shard !== undefined) return pendingGate(design, judgement.trials, shard)
  return judgedGate({ question, design, judgement, successes, goalUnknown, cutShort, calm: isCalm(budget), gates })
}

/** What the gate says of the rows. */
export function judgementOf(design: Design, rows: readonly SampleRow[], budget: Budget, gates: number): GateJudgement {
  const observed = rows.map((row) => ({ succeeded: isSuccess(row, budget), struck: row.landed > 0 }))
  return judgeGate(questionOf(budget), design, observed, { gates, calm: isCalm(budget) })
}

/** Whether the profile strikes nothing, so that no fault can be asked for. */
export function isCalm(budget: Budget): boolean {
  return nominalRate(profileOf(budget)) === 0
}

/** What the trials really met, beside what was asked for: faults that fit nowhere land nowhere, and outages go on. */
export function faultRateOf(nominal: number, rows: readonly SampleRow[]): MeasureReport['reliability']['faultRate'] {
  const crossings = rows.reduce((sum, row) => sum + row.crossings, 0)
  const landed = rows.reduce((sum, row) => sum + row.landed, 0)
  const faultless = rows.filter((row) => row.landed === 0).length
  return {
    nominal,
    effective: crossings === 0 ? null : landed / crossings,
    faultless: rows.length === 0 ? null : faultless / rows.length,
  }
}
