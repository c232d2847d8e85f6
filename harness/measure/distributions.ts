/**
 * The distributions on which bounds, gates and tests stand. Apart from the statistics because here alone a library of special
 * functions is known: Cephes, by S. Moshier, compiled to WebAssembly.
 */
import { compiled, incbet, incbi, lbeta, ndtr, stdtri } from 'cephes'

await compiled

/** P(X >= `least`) for the successes X of `trials` independent trials with the given chance each. */
export function chanceOfAtLeast(least: number, trials: number, chance: number): number {
  if (least <= 0) return 1
  if (least > trials || chance <= 0) return 0
  if (chance >= 1) return 1
  return incbet(least, trials - least + 1, chance)
}

/**
 * The inverse: the chance at which P(X >= `least`) is `tail`, for `least` of 1 to `trials`. Exact to ten digits for up to a
 * million trials and a tail of 0.0001 or more; of smaller tails the algorithm loses its way.
 */
export function chanceWithTail(least: number, trials: number, tail: number): number {
  return incbi(least, trials - least + 1, tail)
}

/** The natural logarithm of the beta function. */
export function logBeta(a: number, b: number): number {
  return lbeta(a, b)
}

/** P(X <= `value`) for X of the standard normal distribution. */
export function standardNormal(value: number): number {
  return ndtr(value)
}

/** The quantile of Student's distribution with `degrees` of freedom. */
export function studentQuantile(degrees: number, share: number): number {
  return stdtri(degrees, share)
}
