/**
 * The statistics of a sample of independent trials: bounds and intervals for its share of successes, and what follows
 * from them. Shares are in [0, 1], `confidence` as well; all functions are pure.
 */
import { chanceOfAtLeast, chanceWithTail, logBeta } from './distributions.js'

export interface Interval {
  readonly low: number
  readonly high: number
}

export const confidence = 0.95

/** The quantile of the standard normal distribution that a two-sided interval of 95 % reaches out to. */
export const z95 = 1.959963984540054

/**
 * The one-sided lower bound of Clopper and Pearson (1934). It is the chance under which as many successes as these, or
 * more, would come about with probability `alpha`. It never claims too much, whatever the true chance. 0 without a
 * success.
 */
export function lowerBound(successes: number, trials: number, alpha = 1 - confidence): number {
  return successes <= 0 ? 0 : chanceWithTail(successes, trials, alpha)
}

/** The one-sided upper bound; 1 where every trial succeeded. */
export function upperBound(successes: number, trials: number, alpha = 1 - confidence): number {
  return 1 - lowerBound(trials - successes, trials, alpha)
}

/** The two-sided interval of Clopper and Pearson: half of what may go wrong at either end. */
export function clopperPearson(successes: number, trials: number): Interval {
  const alpha = (1 - confidence) / 2
  return { low: lowerBound(successes, trials, alpha), high: upperBound(successes, trials, alpha) }
}

/**
 * The two-sided interval of Wilson (1927), at 95 % unless another quantile `z` is given, which is near to its nominal confidence for small samples too. It is
 * what is shown; gates go by `lowerBound` and `upperBound`, which keep their promise always. (0, 1) without a trial.
 */
export function wilson(successes: number, trials: number, z = z95): Interval {
  if (trials === 0) return { low: 0, high: 1 }
  const share = successes / trials
  const square = z ** 2
  const scale = 1 + square / trials
  const centre = (share + square / (2 * trials)) / scale
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / trials + square / (4 * trials ** 2))
  return { low: successes === 0 ? 0 : centre - half, high: successes === trials ? 1 : centre + half }
}

/**
 * The confidence sequence, at 95 %: with that probability it holds the true chance at every number of trials at once.
 * So it may be looked at whenever one likes. It also holds after a stop that the results themselves brought about,
 * where an interval for a fixed number of trials is too narrow. By Ville's inequality, for the mixture of all chances
 * with equal weight (Robbins, 1970): {p : B(1 + s, 1 + f) / (p^s (1 - p)^f) < 1/alpha}. (0, 1) without a trial.
 */
export function confidenceSequence(successes: number, trials: number, alpha = 1 - confidence): Interval {
  const failures = trials - successes
  if (trials === 0) return { low: 0, high: 1 }
  const least = logBeta(1 + successes, 1 + failures) + Math.log(alpha)
  const holds = (chance: number) => weigh(successes, chance) + weigh(failures, 1 - chance) > least
  const centre = successes / trials
  return {
    low: successes === 0 ? 0 : bisect(0, centre, holds),
    high: failures === 0 ? 1 : bisect(1, centre, holds),
  }
}

function weigh(count: number, chance: number): number {
  return count === 0 ? 0 : count * Math.log(chance)
}

/** The last double, on the way from `within` to `without`, at which it still holds. */
function bisect(without: number, within: number, holds: (value: number) => boolean): number {
  let [outside, inside] = [without, within]
  for (;;) {
    const middle = (outside + inside) / 2
    if (middle === outside || middle === inside) return inside
    if (holds(middle)) inside = middle
    else outside = middle
  }
}

/**
 * The fewest trials, of at least `from`, that show a reliability when `failures` of them fail. With fewer, an agent
 * that is just not reliable enough would do as well with a chance of more than `alpha`.
 */
export function trialsToShow(reliability: number, failures = 0, alpha = 1 - confidence, from = failures + 1): number {
  const shows = (trials: number) => chanceOfAtLeast(trials - failures, trials, reliability) <= alpha
  if (shows(from)) return from
  let [tooFew, step] = [from, 1]
  while (!shows(tooFew + step)) {
    tooFew += step
    step *= 2
  }
  let enough = tooFew + step
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2)
    if (shows(middle)) enough = middle
    else tooFew = middle
  }
  return enough
}

/**
 * Half the width of a band around the distribution function that `trials` observations gave. It holds the whole of the
 * true one with 95 % confidence (Dvoretzky, Kiefer and Wolfowitz, with the constant of Massart, 1990). 1 without a
 * trial.
 */
export function bandHalfWidth(trials: number): number {
  return trials === 0 ? 1 : Math.min(1, Math.sqrt(Math.log(2 / (1 - confidence)) / (2 * trials)))
}

/**
 * Half the width of a band that holds the whole of a distribution function at every number of trials at once, with 95 %
 * confidence. It is for a sample whose size its own results settled. What may go wrong is divided among the numbers of
 * trials, n getting 6/(pi n)^2 of it, which adds up to all of it. 1 without a trial.
 */
export function bandHalfWidthAtAnyStop(trials: number): number {
  if (trials === 0) return 1
  const alpha = ((1 - confidence) * 6) / (Math.PI * trials) ** 2
  return Math.min(1, Math.sqrt(Math.log(2 / alpha) / (2 * trials)))
}

/** The smallest value that at least `share` of the values do not exceed; `null` of none. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
}
