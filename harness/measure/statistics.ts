/**
 * The statistics of a sample of independent trials: bounds and intervals for its share of successes, and what follows
 * from them. Shares are in [0, 1], `confidence` as well; all functions are pure.
 */
import { chanceOfAtLeast } from './binomial.js'

export interface Interval {
  readonly low: number
  readonly high: number
}

export const confidence = 0.95

/** The quantile of the standard normal distribution that a two-sided interval of 95 % reaches out to. */
const z95 = 1.959963984540054

/**
 * The one-sided lower bound of Clopper and Pearson (1934): the chance under which as many successes as these, or more,
 * would come about with probability `alpha`. It never claims too much, whatever the true chance. 0 without a success.
 */
export function lowerBound(successes: number, trials: number, alpha = 1 - confidence): number {
  if (successes <= 0) return 0
  let [low, high] = [0, 1]
  for (let middle = 0.5; middle > low && middle < high; middle = (low + high) / 2) {
    if (chanceOfAtLeast(successes, trials, middle) < alpha) low = middle
    else high = middle
  }
  return low
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
 * The fewest trials, of at least `from`, that show a reliability when `failures` of them fail: with fewer, an agent that
 * is just not reliable enough would do as well with a chance of more than `alpha`.
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
 * Half the width of a band that holds the whole of a distribution function with 95 % confidence, around the one that
 * `trials` observations gave (Dvoretzky, Kiefer and Wolfowitz, with the constant of Massart, 1990). 1 without a trial.
 */
export function bandHalfWidth(trials: number): number {
  return trials === 0 ? 1 : Math.min(1, Math.sqrt(Math.log(2 / (1 - confidence)) / (2 * trials)))
}

/**
 * pass^k: the chance that `k` trials in a row all succeed, without the upward bias of (successes / trials)^k.
 * `null` where there are fewer than `k` trials.
 */
export function allOfThemSucceed(k: number, successes: number, trials: number): number | null {
  if (k > trials) return null
  let chance = 1
  for (let drawn = 0; drawn < k; drawn++) chance *= Math.max(0, successes - drawn) / (trials - drawn)
  return chance
}

export interface ErrorBudget {
  /** The share of trials that may fail: 1 less the target. */
  readonly allowed: number
  /** The share that did fail, as a part of that. More than 1 is overspent, and stays so. `null` without a trial. */
  readonly consumed: number | null
  /** Wilson's, at 95 %. */
  readonly interval: Interval
}

/** What share of the error budget of `target` a sample has consumed; nothing is clamped. */
export function errorBudget(target: number, successes: number, trials: number): ErrorBudget {
  // Without the crumbs of binary fractions: 0.05 and not 0.050000000000000044.
  const allowed = Number((1 - target).toPrecision(12))
  const { low, high } = wilson(trials - successes, trials)
  return {
    allowed,
    consumed: trials === 0 ? null : (trials - successes) / trials / allowed,
    interval: { low: low / allowed, high: high / allowed },
  }
}

/** The smallest value that at least `share` of the values do not exceed; `null` of none. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
}
