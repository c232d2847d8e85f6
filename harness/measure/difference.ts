/** Whether two samples differ in their share of successes, where the two shares are all that there is to go by. */
import { standardNormal } from './distributions.js'
import { confidence, confidenceSequence, type Interval, wilson } from './statistics.js'

export interface Successes {
  readonly successes: number
  readonly trials: number
}

/**
 * The interval for the share of successes in `head` less that in `base`, of independent samples with a trial at least.
 * It is the hybrid score interval, from Wilson's limits of each. That is method 10 of Newcombe, "Interval estimation
 * for the difference between independent proportions: comparison of eleven methods" (Statistics in Medicine 17, 1998,
 * pages 873-890). At 95 % unless another quantile `z` is given.
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
  return Math.min(1, 2 * standardNormal(-excluding))
}

/**
 * The same of samples which their own results ended, where every interval for a number that was settled before is too
 * narrow. It goes by the confidence sequence of each, half of what may go wrong to either. It holds whenever one stops,
 * and however the samples depend on each other.
 */
export function differenceAtAnyStop(base: Successes, head: Successes, alpha = 1 - confidence): Interval {
  const before = confidenceSequence(base.successes, base.trials, alpha / 2)
  const after = confidenceSequence(head.successes, head.trials, alpha / 2)
  return { low: after.low - before.high, high: after.high - before.low }
}

/** Less likely than this is given as this. */
const logAlphaLeast = -700

/** The least significance at which that interval leaves out 0; 1 where none does. */
export function pValueAtAnyStop(base: Successes, head: Successes): number {
  const excludesZero = (logAlpha: number) => {
    const { low, high } = differenceAtAnyStop(base, head, Math.exp(logAlpha))
    return low > 0 || high < 0
  }
  if (!excludesZero(0)) return 1
  let [including, excluding] = [logAlphaLeast, 0]
  while (excluding - including > 1e-6) {
    const middle = (including + excluding) / 2
    if (excludesZero(middle)) excluding = middle
    else including = middle
  }
  return Math.exp(excluding)
}
