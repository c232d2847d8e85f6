/** What a sample of measured trials adds up to, as it stands in the report. Pure: the trials have been run. */
import type { Budget } from '../budget.js'
import { profileOf } from '../profile.js'
import type { MeasureReport } from '../report.js'
import type { TrialRecord } from '../run/executor.js'
import { curveOf } from './curve.js'
import { aimOf, type Decidability, judgeGate } from './gate.js'
import { outcomesOf } from './outcome.js'
import { costPerSuccess, spendSummary } from './spend.js'
import { allOfThemSucceed, confidence, errorBudget, lowerBound, upperBound, wilson } from './statistics.js'

/** pass^k is told for these. */
const runsInARow = [1, 2, 3, 4, 5] as const

export interface Sample {
  readonly budget: Budget
  /** The budget's, which is there: without it nothing is measured. */
  readonly target: number
  readonly decidability: Decidability
  readonly records: readonly TrialRecord[]
}

export function summarise({ budget, target, decidability, records }: Sample): MeasureReport {
  const outcomes = outcomesOf(records, budget.spend)
  const [trials, successes] = [records.length, outcomes.success]
  const curve = curveOf(records, budget, target)
  const { faultRate: nominal } = profileOf(budget)
  return {
    trials,
    successes,
    reliability: {
      target,
      aim: aimOf(target, budget.aim),
      faultRate: { nominal, ...faultRateOf(records) },
      estimate: trials === 0 ? null : successes / trials,
      interval: wilson(successes, trials),
      lower: lowerBound(successes, trials),
      upper: upperBound(successes, trials),
      confidence,
    },
    gate: gateOf({ budget, target, decidability, records }, successes, outcomes.goalUnknown),
    outcomes,
    errorBudget: errorBudget(target, successes, trials),
    spend: spendSummary(records),
    curve,
    costPerSuccess: { unit: curve.unit, value: costPerSuccess(curve.unit, records, budget.spend) },
    passHat: runsInARow.map((k) => ({ k, chance: allOfThemSucceed(k, successes, trials) })),
  }
}

/** What the trials really met, beside what was asked for: faults that fit nowhere land nowhere. */
function faultRateOf(records: readonly TrialRecord[]): { effective: number | null; faultless: number | null } {
  const crossings = records.reduce((sum, record) => sum + record.crossings, 0)
  const landed = records.map(({ injections }) => injections.filter(({ status }) => status === 'landed').length)
  const faultless = landed.filter((count) => count === 0).length
  return {
    effective: crossings === 0 ? null : landed.reduce((sum, count) => sum + count, 0) / crossings,
    faultless: records.length === 0 ? null : faultless / records.length,
  }
}

function gateOf(
  { budget, target, decidability, records }: Sample,
  successes: number,
  goalUnknown: number,
): MeasureReport['gate'] {
  const trials = records.length
  if (decidability.kind === 'refused') {
    const { trialsNeeded, trialsMax } = decidability
    const question = `to tell a reliability of ${target} from one of ${shown(aimOf(target, budget.aim))}`
    const because = `${question} takes ${trialsNeeded} trials, and no more than ${trialsMax} are allowed`
    return { verdict: 'refused', because, trialsNeeded }
  }
  const { trials: trialsNeeded } = decidability.design
  const undecided = whyUndecided(trials, trialsNeeded, goalUnknown, records, budget)
  if (undecided !== undefined) return { verdict: 'inconclusive', because: undecided, trialsNeeded }
  const verdict = judgeGate(target, successes, trials)
  return { verdict, because: saidOf(verdict, target, successes, trials), trialsNeeded }
}

/** What makes the sample none that a verdict could rest on. */
function whyUndecided(
  trials: number,
  trialsNeeded: number,
  goalUnknown: number,
  records: readonly TrialRecord[],
  budget: Budget,
): string | undefined {
  if (trials < trialsNeeded) return `interrupted after ${trials} of ${trialsNeeded} trials`
  if (goalUnknown > 0) return `goal() threw in ${goalUnknown} of ${trials} trials`
  const { faultRate } = profileOf(budget)
  const struck = records.some(({ injections }) => injections.some(({ status }) => status === 'landed'))
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
