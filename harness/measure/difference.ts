/**
 * Whether two samples differ in their share of successes. Where each trial of one has its counterpart in the other, under
 * the same seed, what counts is the trials that came out differently; otherwise all that there is are the two shares.
 */
import { compiled, ndtr, stdtri } from 'cephes'
import { chanceOfAtLeast } from './binomial.js'
import { confidence, type Interval, wilson } from './statistics.js'

await compiled

export interface Successes {
  readonly successes: number
  readonly trials: number
}

/**
 * The exact test of McNemar (1947), two-sided: how probable it is that pairs which came out differently divide as unevenly
 * as these, were either way as likely. Pairs that came out alike say nothing. 1 without a pair that differs.
 */
export function mcnemar(onlyBase: number, onlyHead: number): number {
  return Math.min(1, 2 * chanceOfAtLeast(Math.max(onlyBase, onlyHead), onlyBase + onlyHead, 0.5))
}

/**
 * The interval for the share of successes in `head` less that in `base`, of independent samples with a trial at least:
 * the hybrid score interval, from Wilson's limits of each (method 10 of Newcombe, "Interval estimation for the difference
 * between independent proportions: comparison of eleven methods", Statistics in Medicine 17, 1998, pages 873-890). At
 * 95 % unless another quantile `z` is given.
 */
export function differenceInterval(base: Successes, head: Successes, z?: number): Interval {
  const [before, after] = [base.successes / base.trials, head.successes / head.trials]
  const [ofBase, ofHead] = [wilson(base.successes, base.trials, z), wilson(head.successes, head.trials, z)]
  const difference = after - before
  return {
    low: difference - Math.hypot(after - ofHead.low, ofBase.high - before),
    high: difference + Math.hypot(ofHead.high - after, before - ofBase.low),
  }
}

/** Beyond this, the normal distribution has no weight that a double could hold. */
const zMost = 38

/** The least significance at which the interval leaves out 0, two-sided: it is below 0.05 where that of 95 % does. */
export function differencePValue(base: Successes, head: Successes): number {
  const excludesZero = (z: number) => {
    const { low, high } = differenceInterval(base, head, z)
    return low > 0 || high < 0
  }
  let [excluding, including] = [0, zMost]
  if (base.successes * head.trials === head.successes * base.trials) return 1
  for (let z = zMost / 2; z > excluding && z < including; z = (excluding + including) / 2) {
    if (excludesZero(z)) excluding = z
    else including = z
  }
  return Math.min(1, 2 * ndtr(-excluding))
}

/**
 * The mean of differences within pairs, with its interval by Student's distribution; 0 at both ends where all are 0.
 * `null` of fewer than two.
 */
export function meanDifference(differences: readonly number[]): (Interval & { readonly mean: number }) | null {
  const count = differences.length
  if (count < 2) return null
  const mean = differences.reduce((sum, value) => sum + value, 0) / count
  const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1)
  const half = stdtri(count - 1, (1 + confidence) / 2) * Math.sqrt(variance / count)
  return { mean, low: mean - half, high: mean + half }
}
