/** Judgements that a worker was asked for and has not given. */
import type { Second } from './protocol.js'

export class Judgements {
  readonly #waiting = new Map<number, (second: Second | undefined) => void>()
  #asked = 0

  get size(): number {
    return this.#waiting.size
  }

  /** `send` gets the number by which the answer is known. Resolves to nothing where none comes any more. */
  ask(send: (id: number) => void): Promise<Second | undefined> {
    const id = this.#asked++
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve)
      send(id)
    })
  }

  settle(id: number, second: Second): void {
    this.#waiting.get(id)?.(second)
    this.#waiting.delete(id)
  }

  /** None comes any more. */
  drop(): void {
    for (const resolve of this.#waiting.values()) resolve(undefined)
    this.#waiting.clear()
  }
}
