/**
 * The gate with a fixed number of trials, which is settled before the first of them. It is for samples that are
 * measured in parts elsewhere, and for those who want one number. It looks once, at the end.
 */
import { chanceOfAtLeast } from './distributions.js'
import { type Question, risks, roundUp } from './question.js'
import { lowerBound, trialsToShow, upperBound } from './statistics.js'

/** How many trials are run; the least is met where at most `failuresMax` of them fail. */
export interface FixedDesign {
  readonly trials: number
  readonly failuresMax: number
}

/** Further than this, the number of trials that a gate would need comes from a formula. */
const exactTrialsMax = 50_000
/** The quantile of the standard normal distribution at 95 %. */
const z95OneSided = 1.6448536269514722

/**
 * The smallest number of trials that tells two agents apart. One just below the least meets it with a chance of at most
 * 5 %, and one as good as the aim with at least 95 %. A number alone, exact up to 50,000 and rounded up to two digits
 * beyond, where it is more than `trialsMax`.
 */
export function fixedDesign(question: Question, trialsMax: number): FixedDesign | number {
  const searchedMax = Math.max(trialsMax, exactTrialsMax)
  const rough = roundUp(roughTrials(question))
  if (rough > 2 * searchedMax) return rough
  const design = smallestDesign(question, searchedMax)
  if (design && design.trials <= trialsMax) return design
  return design?.trials ?? rough
}

/**
 * For a number of failures allowed, a good agent's chance to pass is best with the fewest trials that show the
 * reliability. These become more with every failure allowed. So the first number that does is the smallest.
 */
function smallestDesign({ reliability, aim }: Question, trialsMax: number): FixedDesign | undefined {
  let trials = 0
  for (let failuresMax = 0; trials <= trialsMax; failuresMax++) {
    trials = trialsToShow(reliability, failuresMax, risks.beta, trials + 1)
    if (chanceOfAtLeast(trials - failuresMax, trials, aim) >= 1 - risks.alpha) return { trials, failuresMax }
  }
  return undefined
}

/** By the normal approximation. */
function roughTrials({ reliability, aim }: Question): number {
  const spread = Math.sqrt(reliability * (1 - reliability)) + Math.sqrt(aim * (1 - aim))
  return Math.ceil(((z95OneSided * spread) / (aim - reliability)) ** 2)
}

/** By the one-sided bounds of Clopper and Pearson at 95 %. */
export function judgeFixed(reliability: number, successes: number, trials: number): 'met' | 'missed' | 'open' {
  if (trials > 0 && lowerBound(successes, trials) >= reliability) return 'met'
  return upperBound(successes, trials) < reliability ? 'missed' : 'open'
}

/** How likely an agent that is just reliable enough does as badly. */
export function pValueOfFixed(reliability: number, successes: number, trials: number): number {
  return chanceOfAtLeast(trials - successes, trials, 1 - reliability)
}
