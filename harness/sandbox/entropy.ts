/** The sources of chance that an agent finds in its process, drawn from the trial's seed. */
import { stream } from '../contracts/stream.js'

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
