/**
 * The circuit breaker around an agent's own loop. A model is a dependency that can fail without an error: it repeats
 * itself, or plans and never acts, and every single answer looks fine. So turns, failures and progress are counted.
 */
import type { Attempt, Watch } from './dependency.js'
import type { Policy } from './policy.js'
import { TaskStopped } from './task-stopped.js'

type Limits = Pick<Policy, 'turnsMax' | 'toolFailuresMax' | 'repeatsMax' | 'nudgesMax'>

export class LoopBreaker implements Watch {
  readonly undoes: boolean
  readonly #limits: Limits
  readonly #seen = new Map<string, number>()
  #turns = 0
  #failures = 0
  #nudges = 0

  constructor(limits: Limits, { undoes = false } = {}) {
    this.#limits = limits
    this.undoes = undoes
  }

  /** Before the model is asked. Throws `TaskStopped`, as all of these do. */
  turn(): void {
    if (++this.#turns > this.#limits.turnsMax) throw new TaskStopped(`no answer after ${this.#limits.turnsMax} turns`)
  }

  /** Before each attempt at a tool. */
  admit(): void {
    if (this.#failures >= this.#limits.toolFailuresMax) {
      throw new TaskStopped(`${this.#failures} tool calls failed`)
    }
  }

  /** After each attempt. */
  onEnd({ kind }: Attempt): void {
    if (kind === 'ok') return
    this.#failures++
    // At once, lest somebody wait for a next attempt that will not be.
    this.admit()
  }

  /** After a call that worked: fifty good answers that are all the same are no progress, and no error rate shows it. */
  recordAnswer(tool: string, input: unknown, answer: string): void {
    const round = JSON.stringify([tool, input, answer])
    const times = (this.#seen.get(round) ?? 0) + 1
    this.#seen.set(round, times)
    if (times >= this.#limits.repeatsMax) throw new TaskStopped(`${tool} gave the same answer ${times} times`)
  }

  /** After the model ended its turn with nothing done. */
  idle(): void {
    if (++this.#nudges > this.#limits.nudgesMax) throw new TaskStopped('the model talks and does not act')
  }
}
