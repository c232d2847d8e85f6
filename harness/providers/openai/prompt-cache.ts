/**
 * What of a prompt the endpoint has read before: prompts that begin as an earlier one did cost less to read. As the API counts
 * it, from 1024 tokens on and in steps of 128. A cache may be empty at any time, so it is no part of a snapshot.
 */

const least = 1024
const step = 128

export class PromptCache {
  /** By the last piece of a prompt, how many tokens it came to. Pieces are shared by the prompts that have them. */
  readonly #read = new WeakMap<object, number>()

  /** How many of the tokens of a prompt with these pieces were read before. */
  count(pieces: readonly object[]): number {
    for (let index = pieces.length - 1; index >= 0; index--) {
      const tokens = this.#read.get(pieces[index] as object)
      if (tokens !== undefined) return tokens < least ? 0 : Math.floor(tokens / step) * step
    }
    return 0
  }

  /** A prompt was read. */
  add(pieces: readonly object[], tokens: number): void {
    const last = pieces.at(-1)
    if (last) this.#read.set(last, tokens)
  }
}
