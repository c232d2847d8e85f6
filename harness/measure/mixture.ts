/**
 * Evidence about the least alone, without an agent in mind to tell it from. Trials are weighed under all chances at once,
 * with equal weight (Robbins, 1970). So it grows whatever the true chance is, if that is not the least itself. All of it
 * are logarithms of supermartingales, so it may be looked at after every trial.
 */
import { chanceOfAtLeast, logBeta } from './distributions.js'

/** The logarithm of the chance of these trials, in their order. */
function logLikelihood(chance: number, successes: number, failures: number): number {
  return successes * Math.log(chance) + failures * Math.log(1 - chance)
}

/**
 * That an agent is worse than `least`, where so many trials succeed and fail. From ln(1/alpha) on, the confidence
 * sequence at 1 - alpha lies below `least` as a whole. 0 where the trials do not look worse.
 */
export function evidenceBelow(least: number, successes: number, failures: number): number {
  if (successes >= least * (successes + failures)) return 0
  return Math.max(0, logBeta(1 + successes, 1 + failures) - logLikelihood(least, successes, failures))
}

/** That an agent is better than `least`: a supermartingale for every chance up to it. */
export function evidenceAbove(least: number, successes: number, failures: number): number {
  const above = chanceOfAtLeast(failures + 1, successes + failures + 1, 1 - least)
  const all = logBeta(1 + successes, 1 + failures) + Math.log(Math.max(above, Number.MIN_VALUE))
  return all - Math.log(1 - least) - logLikelihood(least, successes, failures)
}
