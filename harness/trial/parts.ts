/**
 * The parts of a scenario that have no reason to fail: state, world, model, claims and goal. Where one of them throws,
 * or answers with a promise where a value is due, that is told to the user and not held against the agent.
 */
import { encodePlan } from '../../faults/plan/notation.js'
import type { Plan } from '../../faults/plan/plan.js'
import { textOf } from '../boundaries/calls/failures.js'
import { UserError } from '../contracts/errors.js'
import type { Model } from '../contracts/model.js'
import type { GoalContext, Scenario, World, WorldContext } from '../contracts/scenario.js'
import { type Claim, claims } from '../contracts/trace.js'

export class Parts {
  readonly #scenario: Scenario
  readonly #plan: () => Plan
  readonly #stop: () => void
  /** What went wrong with the scenario itself: the trial has no result. */
  broken: UserError | undefined

  /** `plan` says what the trial ran under so far; `stop` ends it out of band. */
  constructor(scenario: Scenario, plan: () => Plan, stop: () => void) {
    this.#scenario = scenario
    this.#plan = plan
    this.#stop = stop
  }

  state(): unknown {
    return this.#run('state()', this.#scenario.state)
  }

  world(context: WorldContext<unknown>): World<unknown> {
    return this.#run('world()', () => this.#scenario.world(context))
  }

  /** What the scenario says that a result claims; `undefined` where it says nothing. */
  claim(result: unknown): Claim | undefined {
    const says = this.#scenario.claims
    return says ? this.#run('claims()', () => oneOf(claims, says(result))) : undefined
  }

  readonly model: Model = {
    reply: (conversation, context) =>
      this.#run('model.reply()', () => {
        const reply = this.#scenario.model.reply(conversation, context)
        if (!Array.isArray(reply?.blocks)) throw new TypeError('expected a reply with blocks, at once')
        return reply
      }),
  }

  /** Whether the goal is reached; `null` where `goal()` throws, which is for an invariant to call inconclusive. */
  goal(context: GoalContext<unknown>): boolean | null {
    let reached: unknown
    try {
      reached = this.#scenario.goal(context)
    } catch {
      return null
    }
    // A promise is always truthy, and so would be every goal.
    if (reached instanceof Promise) throw this.#wrong('goal()', new TypeError('expected a boolean, at once'))
    return Boolean(reached)
  }

  #run<T>(part: string, run: () => T): T {
    try {
      return run()
    } catch (error) {
      this.broken ??= this.#wrong(part, error)
      this.#stop()
      throw this.broken
    }
  }

  #wrong(part: string, error: unknown): UserError {
    const plan = this.#plan()
    const under = plan.length === 0 ? '' : `under "${encodePlan(plan)}", `
    const message = error instanceof Error ? error.message : String(error)
    return new UserError(`scenario "${this.#scenario.name}": ${under}${part} threw: ${message}`)
  }
}

function oneOf<T>(known: readonly T[], value: T): T {
  if (known.includes(value)) return value
  throw new TypeError(`expected one of ${known.join(', ')}; got ${textOf(value)}`)
}
