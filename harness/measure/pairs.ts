/**
 * Two samples of trials with the same seeds, compared pair by pair. What differs is then the agent or its world, and
 * not the luck of the draw.
 */
import { chanceOfAtLeast, studentQuantile } from './distributions.js'
import { confidence, type Interval, z95 } from './statistics.js'

export interface Pairs {
  readonly pairs: number
  /** Pairs of which only the first succeeded. */
  readonly lost: number
  /** Pairs of which only the second did. */
  readonly gained: number
  /** By how much more often the second succeeds. */
  readonly difference: number
  /** At 95 %, by Agresti and Min (2005): Wald's, with half a pair added to each of the four cases. */
  readonly interval: Interval
  /** Of McNemar's exact test. */
  readonly pValue: number
}

/** `true` for a success; pairs stand at equal places. */
export function pairsOf(first: readonly boolean[], second: readonly boolean[]): Pairs {
  const pairs = Math.min(first.length, second.length)
  let [lost, gained] = [0, 0]
  for (let index = 0; index < pairs; index++) {
    if (first[index] && !second[index]) lost++
    if (!first[index] && second[index]) gained++
  }
  const [shareLost, shareGained] = [(lost + 0.5) / (pairs + 2), (gained + 0.5) / (pairs + 2)]
  const centre = shareGained - shareLost
  const half = z95 * Math.sqrt((shareLost + shareGained - centre ** 2) / (pairs + 2))
  return {
    pairs,
    lost,
    gained,
    difference: pairs === 0 ? 0 : (gained - lost) / pairs,
    interval: { low: Math.max(-1, centre - half), high: Math.min(1, centre + half) },
    pValue: mcnemar(lost, gained),
  }
}

/**
 * The exact test of McNemar (1947), two-sided. It tells how probable it is that pairs which came out differently divide
 * as unevenly as these, were either way as likely. Pairs that came out alike say nothing. 1 without a pair that
 * differs.
 */
export function mcnemar(lost: number, gained: number): number {
  return Math.min(1, 2 * chanceOfAtLeast(Math.max(lost, gained), lost + gained, 0.5))
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
  const half = studentQuantile(count - 1, (1 + confidence) / 2) * Math.sqrt(variance / count)
  return { mean, low: mean - half, high: mean + half }
}
