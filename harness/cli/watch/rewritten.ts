/**
 * Files that the runs themselves write, such as a log of the agent's. No scenario loads them. One that changes in run
 * after run is no reason to run once more, or there would be no end of it.
 */

/** A hurried user saves a prompt in two runs that each save stops; hardly ever in a third. */
const runsInARow = 3

export class Rewritten {
  #before = new Map<string, number>()
  #now = new Map<string, number>()

  runBegins(): void {
    this.#before = this.#now
    this.#now = new Map()
  }

  /** Notes that it changed during this run, and returns whether it has done so in too many in a row. */
  note(file: string): 'heed' | 'first ignored' | 'ignored' {
    const isKnown = this.#now.has(file)
    const runs = this.#now.get(file) ?? (this.#before.get(file) ?? 0) + 1
    this.#now.set(file, runs)
    if (runs < runsInARow) return 'heed'
    return runs === runsInARow && !isKnown ? 'first ignored' : 'ignored'
  }

  /** It changed while nothing ran, so somebody else writes it. */
  forget(file: string): void {
    this.#now.delete(file)
  }
}
