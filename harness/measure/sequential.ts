/**
 * The sequential gate: the trials are judged one by one in the order of their numbers, and it ends as soon as the
 * evidence allows. A failed trial weighs so much that the walk mostly leaps over the upper threshold. A threshold of
 * ln(1/alpha), which is right for any steps, would fail a good agent half as often as is allowed. And it would take
 * more trials. The steps are known here, so the threshold is the lowest that keeps the risk by exact calculation.
 */
import {
  characteristicOf,
  evidenceOf,
  fewestToPass,
  meanTrials,
  type Steps,
  stepsOf,
  type Thresholds,
  villeThresholds,
} from './likelihood.js'
import { type Question, risks } from './question.js'

/** Where a failed trial adds less than this, the walk leaps over nothing, and there is little to gain. */
const stepWorthCalculating = 0.1
/** Walks that are longer than this on average would take seconds to calculate. */
const trialsCalculatedMax = 100_000
/** How near the lowest threshold is looked for. */
const nearEnough = 1e-4

const thresholdsKnown = new Map<string, Thresholds>()

/** The thresholds of a gate that may fail a good agent with a chance of `alpha`. */
export function thresholdsOf(question: Question, alpha: number): Thresholds {
  const key = `${question.aim} ${question.reliability} ${alpha}`
  const thresholds = thresholdsKnown.get(key) ?? lowestThresholds(question, alpha)
  thresholdsKnown.set(key, thresholds)
  return thresholds
}

function lowestThresholds(question: Question, alpha: number): Thresholds {
  const { fails, passes } = villeThresholds(alpha, risks.beta)
  if (!isCalculated(question)) return { fails, passes }
  let [tooLow, enough] = [0, fails]
  while (enough - tooLow > nearEnough) {
    const middle = (tooLow + enough) / 2
    if (chanceToFail(question, { fails: middle, passes }) <= alpha) enough = middle
    else tooLow = middle
  }
  return { fails: enough, passes }
}

function isCalculated(question: Question): boolean {
  return stepsOf(question).failure >= stepWorthCalculating && roughMean(question) <= trialsCalculatedMax
}

function roughMean(question: Question): number {
  const [atAim] = meanTrials(question, risks.alpha, risks.beta)
  return atAim
}

function chanceToFail(question: Question, thresholds: Thresholds): number {
  return characteristicOf(question, thresholds, question.aim).fails
}

/** How likely the evidence against an agent that is as good as the aim ever becomes as strong as `peak`. */
export function pValueOf(question: Question, peak: number): number {
  if (peak <= 0) return 1
  if (!isCalculated(question)) return Math.exp(-peak)
  return chanceToFail(question, { fails: peak, passes: villeThresholds(risks.alpha, risks.beta).passes })
}

/** How many trials the verdict on an agent that is as good as the aim takes on average; no fewer than it may pass after. */
export function trialsOnAverage(question: Question): number {
  const thresholds = thresholdsOf(question, risks.alpha)
  const mean = isCalculated(question)
    ? characteristicOf(question, thresholds, question.aim).trialsMean
    : roughMean(question)
  return Math.max(fewestToPass(question, thresholds), Math.ceil(mean))
}

/** How far a walk has come. */
export interface Walk {
  readonly successes: number
  readonly failures: number
  readonly evidence: number
  /** The most that the evidence ever was. */
  readonly peak: number
}

export const atStart: Walk = { successes: 0, failures: 0, evidence: 0, peak: 0 }

/** One trial further. */
export function step(walk: Walk, steps: Steps, succeeded: boolean): Walk {
  const successes = walk.successes + (succeeded ? 1 : 0)
  const failures = walk.failures + (succeeded ? 0 : 1)
  const evidence = evidenceOf(steps, successes, failures)
  return { successes, failures, evidence, peak: Math.max(walk.peak, evidence) }
}

/** What the walk has come to: `open` where it is to go on. */
export function endOf({ evidence }: Walk, { fails, passes }: Thresholds): 'passed' | 'failed' | 'open' {
  if (evidence >= fails) return 'failed'
  return evidence <= passes ? 'passed' : 'open'
}
