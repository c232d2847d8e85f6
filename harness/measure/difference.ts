/** Whether two samples that were drawn apart differ in their share of successes: all that there is are the two shares. */
import { standardNormal } from './distributions.js'
import { type Interval, wilson } from './statistics.js'

export interface Successes {
  readonly successes: number
  readonly trials: number
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
  return Math.min(1, 2 * standardNormal(-excluding))
}
