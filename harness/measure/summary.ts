/**
 * What a sample of measured trials adds up to, as it stands in the report. A pure function of its rows and of what was
 * asked for, so that rows which were measured apart add up to what they would have been together.
 */
import type { Budget } from '../budget.js'
import { profileOf } from '../profile.js'
import type { MeasureReport } from '../report.js'
import { type SampleRow, sampleOf } from '../sample.js'
import type { Shard } from '../shard.js'
import { curveOf } from './curve.js'
import { aimOf, type Decidability, judgeGate } from './gate.js'
import { outcomesOf } from './outcome.js'
import { costPerSuccess, spendSummary } from './spend.js'
import { allOfThemSucceed, confidence, errorBudget, lowerBound, upperBound, wilson } from './statistics.js'

/** pass^k is told for these. */
const runsInARow = [1, 2, 3, 4, 5] as const

export interface Measured {
  readonly budget: Budget
  /** The budget's, which is there: without it nothing is measured. */
  readonly target: number
  readonly decidability: Decidability
  readonly rows: readonly SampleRow[]
  /** Where these are not all of the sample's trials, of which part they are. */
  readonly shard?: Shard | undefined
}

export function summarise(measured: Measured): MeasureReport {
  const { budget, target, rows } = measured
  const outcomes = outcomesOf(rows)
  const [trials, successes] = [rows.length, outcomes.success]
  const curve = curveOf(rows, budget, target)
  const { faultRate: nominal } = profileOf(budget)
  return {
    trials,
    successes,
    reliability: {
      target,
      aim: aimOf(target, budget.aim),
      faultRate: { nominal, ...faultRateOf(rows) },
      estimate: trials === 0 ? null : successes / trials,
      interval: wilson(successes, trials),
      lower: lowerBound(successes, trials),
      upper: upperBound(successes, trials),
      confidence,
    },
    gate: gateOf(measured, successes, outcomes.goalUnknown),
    outcomes,
    errorBudget: errorBudget(target, successes, trials),
    spend: spendSummary(rows),
    curve,
    costPerSuccess: { unit: curve.unit, value: costPerSuccess(curve.unit, rows) },
    passHat: runsInARow.map((k) => ({ k, chance: allOfThemSucceed(k, successes, trials) })),
    budget,
    sample: sampleOf(rows),
  }
}

/** What the trials really met, beside what was asked for: faults that fit nowhere land nowhere. */
function faultRateOf(rows: readonly SampleRow[]): { effective: number | null; faultless: number | null } {
  const crossings = rows.reduce((sum, row) => sum + row.crossings, 0)
  const landed = rows.reduce((sum, row) => sum + row.landed, 0)
  const faultless = rows.filter((row) => row.landed === 0).length
  return {
    effective: crossings === 0 ? null : landed / crossings,
    faultless: rows.length === 0 ? null : faultless / rows.length,
  }
}

function gateOf(
  { budget, target, decidability, rows, shard }: Measured,
  successes: number,
  goalUnknown: number,
): MeasureReport['gate'] {
  const trials = rows.length
  if (decidability.kind === 'refused') {
    const { trialsNeeded, trialsMax } = decidability
    const question = `to tell a reliability of ${target} from one of ${shown(aimOf(target, budget.aim))}`
    const because = `${question} takes ${trialsNeeded} trials, and no more than ${trialsMax} are allowed`
    return { verdict: 'refused', because, trialsNeeded }
  }
  const { trials: trialsNeeded } = decidability.design
  if (shard !== undefined) {
    const because = `${trials} of ${trialsNeeded} trials are those of shard ${shard.index} of ${shard.count}`
    return { verdict: 'pending', because: `${because}: the gate is judged when all are merged`, trialsNeeded }
  }
  const undecided = whyUndecided(trials, trialsNeeded, goalUnknown, rows, budget)
  if (undecided !== undefined) return { verdict: 'inconclusive', because: undecided, trialsNeeded }
  const verdict = judgeGate(target, successes, trials)
  return { verdict, because: saidOf(verdict, target, successes, trials), trialsNeeded }
}

/** What makes the sample none that a verdict could rest on. */
function whyUndecided(
  trials: number,
  trialsNeeded: number,
  goalUnknown: number,
  rows: readonly SampleRow[],
  budget: Budget,
): string | undefined {
  if (trials < trialsNeeded) return `interrupted after ${trials} of ${trialsNeeded} trials`
  if (goalUnknown > 0) return `goal() threw in ${goalUnknown} of ${trials} trials`
  const { faultRate } = profileOf(budget)
  const struck = rows.some(({ landed }) => landed > 0)
  if (faultRate > 0 && !struck) return `no fault landed in ${trials} trials: nothing was measured but good weather`
  return undefined
}

function saidOf(verdict: 'passed' | 'failed' | 'inconclusive', target: number, successes: number, trials: number) {
  const found = `${successes} of ${trials} trials succeeded`
  switch (verdict) {
    case 'passed':
      return `${found}: reliability is at least ${shown(lowerBound(successes, trials))}, and ${target} is asked for`
    case 'failed':
      return `${found}: reliability is at most ${shown(upperBound(successes, trials))}, and ${target} is asked for`
    case 'inconclusive':
      return `${found}, which neither shows a reliability of ${target} nor rules it out`
  }
}

function shown(share: number): string {
  return String(Number(share.toPrecision(4)))
}
