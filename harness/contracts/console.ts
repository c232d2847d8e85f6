/**
 * What an agent printed in a trial. It stands beside the trace and counts in no digest: it may hold paths, ids and stacks of
 * one machine.
 */

/** One line that was printed. */
export interface ConsoleLine {
  /** Virtual milliseconds since the trial began. */
  readonly at: number
  /** How many events of the trace came before it. */
  readonly after: number
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
  /** The line is longer than what stands here. */
  readonly cut?: true
}

/** All that was printed, as far as it is kept: the first lines and the last ones. */
export interface ConsoleOutput {
  readonly lines: readonly ConsoleLine[]
  /** How many lines between these are left out. */
  readonly omitted: number
}

/** So many of the first lines are kept, and of the last. */
const endMost = 100
/** Characters of one line. */
export const lineMost = 500

/** Keeps the first lines and the last ones. */
export class ConsoleLines {
  readonly #first: ConsoleLine[] = []
  readonly #last: ConsoleLine[] = []
  #omitted: number

  /** `before` is what another process kept of the same trial. */
  constructor(before?: ConsoleOutput) {
    this.#omitted = before?.omitted ?? 0
    for (const line of before?.lines ?? []) this.add(line)
  }

  add(line: ConsoleLine): void {
    if (this.#first.length < endMost) {
      this.#first.push(line)
      return
    }
    this.#last.push(line)
    if (this.#last.length <= endMost) return
    this.#last.shift()
    this.#omitted++
  }

  /** Nothing where nothing was printed. */
  get output(): ConsoleOutput | undefined {
    if (this.#first.length === 0) return undefined
    return { lines: [...this.#first, ...this.#last], omitted: this.#omitted }
  }
}

/** The lines with how many are left out before each: they are missing between the first ones and the last ones. */
export function linesOf({ lines, omitted }: ConsoleOutput): readonly (ConsoleLine & { readonly leftOut: number })[] {
  return lines.map((line, index) => ({ ...line, leftOut: index === endMost ? omitted : 0 }))
}
