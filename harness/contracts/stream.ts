/**
 * Chance, seeded: random streams derived from (seed, label). Streams are made only where one is drawn from, so that a new
 * consumer shifts no other.
 */
import alea from 'seedrandom/lib/alea.js'

/** Draws from [0, 1), with 32 bits each. The same seed and label give the same draws, in every version of Node. */
export function stream(seed: number, label: string): () => number {
  return alea(`${seed}/${label}`)
}

/**
 * The seed of the `index`-th trial (from 0) of a sample: the first two draws of the stream `SAMPLE:INDEX` of the run's
 * seed, as the high 21 and the low 32 bits of a whole number. 53 bits, so that no two trials of a sample are one and the
 * same; and the same trial however many there are, and whichever process runs it.
 */
export function trialSeed(seed: number, sample: 'search' | 'random' | 'measure' | 'persona', index: number): number {
  const draw = stream(seed, `${sample}:${index}`)
  return Math.floor(draw() * 2 ** 21) * 2 ** 32 + Math.floor(draw() * 2 ** 32)
}
