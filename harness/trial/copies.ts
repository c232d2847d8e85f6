/**
 * The copies of a scenario's modules that one trial has: those that it began with, and those that were evaluated anew for
 * an agent that crashed. World, model and goal stay the first; the agent is that of the last.
 */
import type { Scenario } from '../contracts/scenario.js'

type Agent = Scenario['agent']
type Goal = Scenario['goal']

/** How modules are evaluated anew, where they can be. */
export interface Reloading {
  /** Gives an agent with nothing in memory. Rejects where that cannot be done. */
  readonly reload?: (() => Promise<{ readonly agent: Agent; readonly goal: Goal }>) | undefined
  /** Gives the goal of modules that no agent has touched; absent where that has been looked at before. */
  readonly unused?: (() => Promise<{ readonly goal: Goal }>) | undefined
}

export class Copies {
  readonly #reloading: Reloading
  #agent: Agent
  #lastGoal: Goal | undefined
  /** They could not be evaluated anew. */
  unloadable = false

  constructor({ agent }: Pick<Scenario, 'agent'>, reloading: Reloading) {
    this.#agent = agent
    this.#reloading = reloading
  }

  /** Whether an agent that crashed has nothing in memory. */
  get areRenewed(): boolean {
    return this.#reloading.reload !== undefined
  }

  /** Of the last copy. */
  readonly agent: Agent = (context) => this.#agent(context)

  /** Calls `begin` with the agent as new as it can be; at once, where it stays what it is, and never where that fails. */
  renew(begin: () => void): void {
    const renewed = this.#reloading.reload?.()
    if (!renewed) begin()
    renewed?.then(
      ({ agent, goal }) => {
        this.#agent = agent
        this.#lastGoal = goal
        begin()
      },
      () => {
        this.unloadable = true
      },
    )
  }

  /** Those of other copies than the first: of the last, and of one that no agent has touched. */
  async goalsElsewhere(): Promise<readonly Goal[]> {
    if (!this.#lastGoal) return []
    const unused = await this.#reloading.unused?.()
    return unused ? [this.#lastGoal, unused.goal] : [this.#lastGoal]
  }
}
