/**
 * The evidence by which a sequential gate tells the aim from the least. It is apart because all of it can be computed
 * before a trial is run. It is the logarithm of the ratio of two likelihoods, of s successes and f failures: for an agent
 * of the least (p1) and for one of the aim (p0). `S = s ln(p1/p0) + f ln((1 - p1)/(1 - p0))`. It is a walk, which ends
 * where it crosses a threshold (Wald, 1945). e^S is a supermartingale for every chance from p0 on, and e^-S for every
 * one up to p1, so looking after every trial costs nothing.
 */
import type { Question } from './question.js'

export interface Thresholds {
  /** The aim is ruled out where the evidence reaches it from below. Of the least that says nothing. */
  readonly rulesOut: number
  /** The least is met where the evidence reaches it from above; below 0. */
  readonly meets: number
}

/** How likely each end of the walk is for an agent with a known chance of success, and when it comes. */
export interface Characteristic {
  readonly meets: number
  readonly rulesOut: number
  /** Neither, within the trials allowed. */
  readonly undecided: number
  readonly trialsMean: number
}

/** What one trial adds to the evidence: a success takes from it. */
export interface Steps {
  readonly success: number
  readonly failure: number
}

export function stepsOf({ aim, reliability }: Question): Steps {
  return { success: Math.log(reliability / aim), failure: Math.log((1 - reliability) / (1 - aim)) }
}

export function evidenceOf({ success, failure }: Steps, successes: number, failures: number): number {
  return successes * success + failures * failure
}

/** Thresholds that keep both risks whatever the steps, by Ville's inequality: ln(1/alpha) and -ln(1/beta). */
export function villeThresholds(alpha: number, beta: number): Thresholds {
  return { rulesOut: Math.log(1 / alpha), meets: -Math.log(1 / beta) }
}

/** Walks that are still under way with less than this chance are left where they are. */
const negligible = 1e-12

/**
 * The operating characteristic, exactly: the chance of each number of failures among the walks still under way, trial by
 * trial.
 */
export function characteristicOf(
  question: Question,
  thresholds: Thresholds,
  chance: number,
  trialsMax = Number.POSITIVE_INFINITY,
): Characteristic {
  const steps = stepsOf(question)
  let [meets, rulesOut, trialsMean, undecided] = [0, 0, 0, 1]
  // The chance of `least`, `least + 1`, ... failures.
  let underWay = [1]
  let least = 0
  let trials = 0
  while (trials < trialsMax && undecided > negligible) {
    trials++
    const next: number[] = []
    let nextLeast = least
    for (let index = 0; index <= underWay.length; index++) {
      const weight = (underWay[index] ?? 0) * chance + (underWay[index - 1] ?? 0) * (1 - chance)
      const failures = least + index
      const evidence = evidenceOf(steps, trials - failures, failures)
      if (evidence >= thresholds.rulesOut) rulesOut += weight
      else if (evidence <= thresholds.meets) meets += weight
      else next.push(weight)
      if (evidence >= thresholds.rulesOut || evidence <= thresholds.meets) trialsMean += trials * weight
      // Those that meet it have the fewest failures of all.
      if (evidence <= thresholds.meets) nextLeast = failures + 1
    }
    underWay = next
    least = nextLeast
    undecided = underWay.reduce((sum, weight) => sum + weight, 0)
  }
  return { meets, rulesOut, undecided, trialsMean: trialsMean + trials * undecided }
}

/** Wald's approximation of the mean number of trials, at the aim and at the least: walks end exactly on a threshold. */
export function meanTrials({ aim, reliability }: Question, alpha: number, beta: number): readonly [number, number] {
  const { success, failure } = stepsOf({ aim, reliability })
  const [passed, failed] = [Math.log(beta / (1 - alpha)), Math.log((1 - beta) / alpha)]
  const drift = (chance: number) => chance * success + (1 - chance) * failure
  return [
    ((1 - alpha) * passed + alpha * failed) / drift(aim),
    (beta * passed + (1 - beta) * failed) / drift(reliability),
  ]
}
