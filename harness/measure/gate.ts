/**
 * The gate: whether an agent is as reliable as its budget asks. The number of trials is settled before the first of them,
 * for looking again and again at a bound of fixed size fails good agents; a gate that could not decide with the trials
 * allowed is refused before it starts.
 */
import { chanceOfAtLeast } from './binomial.js'
import { confidence, lowerBound, trialsToShow, upperBound } from './statistics.js'

/** Two agents that the gate must tell apart. */
export interface Question {
  /** The least that is acceptable: an agent just below it passes with a chance of at most 5 %. */
  readonly reliability: number
  /** What a good agent has: it passes with a chance of at least 95 %. */
  readonly aim: number
}

/** How many trials are run; the gate passes when at most `failuresMax` of them fail. */
export interface Design {
  readonly trials: number
  readonly failuresMax: number
}

export type Decidability =
  | { readonly kind: 'decidable'; readonly design: Design }
  /** `trialsNeeded` is exact up to 50,000 and rounded up to two digits beyond. */
  | { readonly kind: 'refused'; readonly trialsNeeded: number; readonly trialsMax: number }

export type GateVerdict = 'passed' | 'failed' | 'inconclusive'

const risk = 1 - confidence
/** Further than this, the number of trials that a gate would need is told from a formula. */
const exactTrialsMax = 50_000
/** The quantile of the standard normal distribution at 95 %. */
const z95OneSided = 1.6448536269514722

/** By default a good agent spends a fifth of its error budget. */
export function aimOf(reliability: number, aim?: number): number {
  return aim ?? Number((1 - (1 - reliability) / 5).toPrecision(12))
}

/** The smallest fixed number of trials that answers the question, if that is not more than `trialsMax`. */
export function designGate(question: Question, trialsMax: number): Decidability {
  const searchedMax = Math.max(trialsMax, exactTrialsMax)
  const refused = (trialsNeeded: number): Decidability => ({ kind: 'refused', trialsNeeded, trialsMax })
  const rough = roundedUp(roughTrials(question))
  if (rough > 2 * searchedMax) return refused(rough)
  const design = smallestDesign(question, searchedMax)
  if (design && design.trials <= trialsMax) return { kind: 'decidable', design }
  return refused(design?.trials ?? rough)
}

/**
 * For a number of failures allowed, a good agent's chance to pass is best with the fewest trials that show the
 * reliability; and these become more with every failure allowed. So the first number that does is the smallest.
 */
function smallestDesign({ reliability, aim }: Question, trialsMax: number): Design | undefined {
  let trials = 0
  for (let failuresMax = 0; trials <= trialsMax; failuresMax++) {
    trials = trialsToShow(reliability, failuresMax, risk, trials + 1)
    if (chanceOfAtLeast(trials - failuresMax, trials, aim) >= 1 - risk) return { trials, failuresMax }
  }
  return undefined
}

/** By the normal approximation. */
function roughTrials({ reliability, aim }: Question): number {
  const spread = Math.sqrt(reliability * (1 - reliability)) + Math.sqrt(aim * (1 - aim))
  return Math.ceil(((z95OneSided * spread) / (aim - reliability)) ** 2)
}

function roundedUp(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1)
  return Math.ceil(value / unit) * unit
}

/** By the one-sided bounds of Clopper and Pearson at 95 %. */
export function judgeGate(reliability: number, successes: number, trials: number): GateVerdict {
  if (trials > 0 && lowerBound(successes, trials) >= reliability) return 'passed'
  return upperBound(successes, trials) < reliability ? 'failed' : 'inconclusive'
}
