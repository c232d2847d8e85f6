/**
 * How many gates a run has. Only a gate that is about to fail needs to know, and only then are the files loaded that
 * have not been yet. So a run in which all is well does not pay for it. The number depends on the files alone, and not
 * on how far the run has come.
 */

import type { ScenarioFacts } from '../contracts/executor.js'
import { isMeasurable } from '../measure/measurable.js'
import { isWanted, type Wanted } from './wanted.js'

export interface GateCounterOptions extends Wanted {
  readonly files: readonly string[]
  /** Loads a file; rejects where it cannot be loaded. */
  readonly load: (file: string) => Promise<ScenarioFacts>
}

export class GateCounter {
  readonly #options: GateCounterOptions
  readonly #known = new Map<string, ScenarioFacts>()
  #counted: Promise<number> | undefined

  constructor(options: GateCounterOptions) {
    this.#options = options
  }

  /** Spares loading the file again. */
  note(file: string, facts: ScenarioFacts): void {
    this.#known.set(file, facts)
  }

  count(): Promise<number> {
    this.#counted ??= this.#count()
    return this.#counted
  }

  async #count(): Promise<number> {
    const { files, load } = this.#options
    let gates = 0
    for (const file of files) {
      // A file that cannot be loaded has no gate, and is reported when it is to be run.
      const facts = this.#known.get(file) ?? (await load(file).catch(() => undefined))
      if (facts && isMeasurable(facts) && isWanted(facts, this.#options)) gates++
    }
    return Math.max(1, gates)
  }
}
