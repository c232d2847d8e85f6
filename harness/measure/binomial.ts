/**
 * The tail of the binomial distribution, on which every bound and every gate stands. Apart from the statistics because it
 * is arithmetic: it sums the terms themselves, so no approximation has to be trusted.
 */

/** P(X >= `least`) for the successes X of `trials` independent trials with the given chance each. */
export function chanceOfAtLeast(least: number, trials: number, chance: number): number {
  if (least <= 0) return 1
  if (least > trials || chance <= 0) return 0
  if (chance >= 1) return 1
  // Summed on the side away from the mean, where terms only get smaller.
  if (least > trials * chance) return upperTail(least, trials, chance)
  return 1 - upperTail(trials - least + 1, trials, 1 - chance)
}

/** `least` lies above the mean. */
function upperTail(least: number, trials: number, chance: number): number {
  const odds = chance / (1 - chance)
  let term = Math.exp(logOfTerm(least, trials, chance))
  let sum = term
  for (let k = least; k < trials && term > sum * Number.EPSILON; k++) {
    term *= ((trials - k) / (k + 1)) * odds
    sum += term
  }
  return Math.min(1, sum)
}

function logOfTerm(k: number, trials: number, chance: number): number {
  const choices = logFactorial(trials) - logFactorial(k) - logFactorial(trials - k)
  return choices + k * Math.log(chance) + (trials - k) * Math.log1p(-chance)
}

/** Below this, Stirling's series is not yet exact to the last digits. */
const seriesFrom = 16

/** ln n!, by Stirling's series (Abramowitz and Stegun, 6.1.41); off by less than 1e-13 of its value. */
function logFactorial(n: number): number {
  if (n < seriesFrom) {
    let product = 1
    for (let factor = 2; factor <= n; factor++) product *= factor
    return Math.log(product)
  }
  const square = n * n
  const correction = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * square)) / square) / square) / n
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + correction
}
