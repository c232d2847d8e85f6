/**
 * Chance, seeded: random streams derived from (seed, label), and the sources of chance that an agent finds in its
 * process. Streams are made only where one is drawn from, so that a new consumer shifts no other.
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
export function trialSeed(seed: number, sample: 'search' | 'measure', index: number): number {
  const draw = stream(seed, `${sample}:${index}`)
  return Math.floor(draw() * 2 ** 21) * 2 ** 32 + Math.floor(draw() * 2 ** 32)
}

/** What `Math.random` and `crypto` give the agent of one trial. */
export class Entropy {
  readonly #seed: number
  readonly #suffix: string
  #fractions: (() => number) | undefined
  #words: (() => number) | undefined

  /** A process that is started again after a crash does not draw what the one before it drew. */
  constructor(seed: number, attempt = 1) {
    this.#seed = seed
    this.#suffix = attempt === 1 ? '' : `@${attempt}`
  }

  /** In place of `Math.random`. */
  random(): number {
    this.#fractions ??= stream(this.#seed, `Math.random${this.#suffix}`)
    return this.#fractions()
  }

  /** Overwrites all of `bytes`. */
  fill(bytes: Uint8Array): void {
    this.#words ??= stream(this.#seed, `crypto${this.#suffix}`)
    let word = 0
    for (let index = 0; index < bytes.length; index++) {
      word = index % 4 === 0 ? Math.floor(this.#words() * 2 ** 32) : word >>> 8
      bytes[index] = word
    }
  }

  /** A version 4 UUID (RFC 9562). */
  uuid(): string {
    const bytes = new Uint8Array(16)
    this.fill(bytes)
    bytes[6] = 0x40 | ((bytes[6] ?? 0) & 0x0f)
    bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
    const hex = Buffer.from(bytes).toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }
}
