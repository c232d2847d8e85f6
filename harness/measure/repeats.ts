/**
 * What to expect of several trials of one task together. Apart from the bounds because these are chances of their own.
 * They have no bias where the number of trials was settled before the first of them; (successes / trials)^k has an
 * upward one.
 */

/** pass^k: the chance that `k` trials all succeed; `null` where there were fewer than `k`. */
export function allOfThemSucceed(k: number, successes: number, trials: number): number | null {
  return allAreOf(successes, k, trials)
}

/** pass@k: the chance that at least one of `k` trials succeeds; `null` where there were fewer than `k`. */
export function oneOfThemSucceeds(k: number, successes: number, trials: number): number | null {
  const noneDoes = allAreOf(trials - successes, k, trials)
  return noneDoes === null ? null : 1 - noneDoes
}

/** C(some, k) / C(all, k), as a product. */
function allAreOf(some: number, k: number, all: number): number | null {
  if (k > all) return null
  let chance = 1
  for (let drawn = 0; drawn < k; drawn++) chance *= Math.max(0, some - drawn) / (all - drawn)
  return chance
}
