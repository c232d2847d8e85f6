/**
 * The parts of a scenario that have no reason to fail: state, world, model, claims and goal, and what its invariants
 * answer. Where one of them throws, or answers with what it may not, that is reported to the user and does not count against the
 * agent.
 */
import { encodePlan } from '../../faults/plan/notation.js'
import type { Plan } from '../../faults/plan/plan.js'
import { isRecord } from '../contracts/checks.js'
import { didYouMean, isThenable, isUserError, say, UserError } from '../contracts/errors.js'
import type { FollowEnd } from '../contracts/host.js'
import { judge } from '../contracts/invariant.js'
import type { Model } from '../contracts/model.js'
import { placeOf } from '../contracts/place.js'
import type { GoalContext, Scenario, World, WorldContext } from '../contracts/scenario.js'
import { type Claim, claims, type Trace } from '../contracts/trace.js'
import type { Judgement } from '../contracts/verdict.js'
import type { Settled } from './promised.js'

/** Waits for what a part answers with later. */
export type WaitFor = (promise: PromiseLike<unknown>) => Promise<Settled>

/** Whether the goal is reached, or what it threw. */
export type GoalAnswer = { readonly reached: boolean } | { readonly reached: null; readonly error: unknown }

/** A part answered with what it may not. */
class WrongAnswer extends Error {
  readonly #rule: string
  constructor(rule: string) {
    super(rule)
    this.#rule = rule
  }
  /** The rule that a thrown value tells; `undefined` for any other error. */
  static in(thrown: unknown): string | undefined {
    return typeof thrown === 'object' && thrown !== null && #rule in thrown ? thrown.#rule : undefined
  }
}

const expectedOf = {
  claims: `one of ${claims.map((claim) => `"${claim}"`).join(', ')}`,
  goal: 'true or false',
}

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

  /** What the agent or the world was handed is used wrongly. */
  misuse({ message, where }: UserError): void {
    this.broken ??= this.#userError(message, where)
    this.#stop()
  }

  /** The plan asks of the network what it cannot do. */
  misfit(why: string): void {
    this.broken ??= this.#userError(why)
    this.#stop()
  }

  state(): unknown {
    return this.#run('state()', () => {
      const state: unknown = this.#scenario.state()
      if (isThenable(state)) throw wrongAnswer('plain data, at once', state)
      return state
    })
  }

  world(context: WorldContext<unknown>): World<unknown> {
    return this.#run('world()', () => worldOf(this.#scenario.world(context)))
  }

  /** What the scenario says that a result claims, or promises to say; `undefined` where it says nothing. */
  claim(result: unknown): Claim | PromiseLike<unknown> | undefined {
    const says: ((result: unknown) => unknown) | null = this.#scenario.claims
    if (!says) return undefined
    return this.#run('claims()', () => {
      const said = says(result)
      return isThenable(said) ? keepQuiet(said) : claimOf(said)
    })
  }

  /** What it promised to say. */
  async awaitClaim(promise: PromiseLike<unknown>, wait: WaitFor): Promise<Claim> {
    const settled = await wait(promise)
    return this.#run('claims()', () => claimOf(takeValue(settled, expectedOf.claims)))
  }

  readonly model: Model = {
    reply: (conversation, context) =>
      this.#run('model.reply()', () => {
        const reply = this.#scenario.model.reply(conversation, context)
        if (!Array.isArray(reply?.blocks)) throw wrongAnswer('a reply with blocks, at once', reply)
        return reply
      }),
  }

  /** That it throws under a fault may be the agent's doing, and is for the invariants to call inconclusive. */
  async goal(context: GoalContext<unknown>, wait: WaitFor): Promise<GoalAnswer> {
    const settled = await this.#ask(this.#scenario.goal, context, wait)
    if (settled.kind === 'threw') return { reached: null, error: settled.error }
    return this.#run('goal()', () => {
      const reached = takeValue(settled, expectedOf.goal)
      if (typeof reached !== 'boolean') throw wrongAnswer(expectedOf.goal, reached)
      return { reached }
    })
  }

  /**
   * Refuses a goal that goes by what modules hold: `goals` are those of other copies of them. An agent that was started
   * again has such a copy, and what it does to the world must not be lost with the one before.
   */
  async sameGoal(
    reached: boolean,
    goals: readonly Scenario['goal'][],
    context: GoalContext<unknown>,
    wait: WaitFor,
  ): Promise<void> {
    for (const goal of goals) {
      const settled = await this.#ask(goal, context, wait)
      if (settled.kind === 'answered' && settled.value === reached) continue
      this.broken ??= this.#userError(goesByModules(reached))
      throw this.broken
    }
  }

  async #ask(goal: Scenario['goal'], context: GoalContext<unknown>, wait: WaitFor): Promise<Settled> {
    try {
      const value: unknown = goal(context)
      return isThenable(value) ? await wait(value) : { kind: 'answered', value }
    } catch (error) {
      return { kind: 'threw', error }
    }
  }

  judge(trace: Trace, state: unknown): Judgement[] {
    try {
      return judge(this.#scenario.invariants, trace, state)
    } catch (error) {
      if (!isUserError(error)) throw error
      throw this.#userError(error.message, error.where)
    }
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
    const rule = WrongAnswer.in(error)
    if (rule !== undefined) return this.#userError(`${part}: ${rule}`)
    const message = error instanceof Error ? error.message : String(error)
    return this.#userError(`${part} threw: ${message}`, placeOf(error))
  }

  #userError(rule: string, where?: string): UserError {
    const { name, declaredAt } = this.#scenario
    const plan = this.#plan()
    const under = plan.length === 0 ? '' : `under "${encodePlan(plan)}", `
    return new UserError(`scenario "${name}": ${under}${rule}`, where ?? declaredAt ?? undefined)
  }
}

function goesByModules(reached: boolean): string {
  return (
    `goal(): it says ${reached}, and something else by modules that were evaluated anew, as an agent has them after a crash. ` +
    'State at module level that plays the outside world does not outlive the agent: keep it in "state"'
  )
}

function wrongAnswer(expected: string, got: unknown): WrongAnswer {
  return new WrongAnswer(`expected ${expected}, got ${say(got)}`)
}

function claimOf(said: unknown): Claim {
  const claim = claims.find((known) => known === said)
  if (claim !== undefined) return claim
  const { message } = wrongAnswer(expectedOf.claims, said)
  throw new WrongAnswer(typeof said === 'string' ? `${message}.${didYouMean(said, claims)}` : message)
}

/** `tools` may be anything that can be made a boundary; a world without tools is an object that is empty. */
function worldOf(made: unknown): World<unknown> {
  const expected = 'an object, as in { tools: { search } }'
  if (!isRecord(made) || isThenable(made)) throw wrongAnswer(isThenable(made) ? `${expected}, at once` : expected, made)
  const { tools } = made
  if (tools === undefined) {
    const [other] = Object.keys(made).filter((key) => key !== 'tools')
    if (other === undefined) return { tools }
    throw new WrongAnswer(`expected ${expected}, got an object with "${other}" and no "tools"`)
  }
  const isToolbox = (typeof tools === 'object' && tools !== null && !isThenable(tools)) || typeof tools === 'function'
  if (!isToolbox) throw new WrongAnswer(`tools: expected tools by their names, got ${say(tools)}`)
  return { tools }
}

/** What was promised. */
function takeValue(settled: Settled, expected: string): unknown {
  switch (settled.kind) {
    case 'answered':
      return settled.value
    case 'threw':
      throw settled.error
    case 'pending':
      throw new WrongAnswer(`expected ${expected}, got a promise that never settles: ${reasonOf(settled.how)}`)
  }
}

function reasonOf(how: FollowEnd): string {
  if (how.kind === 'stuck') return `real work stayed in flight (${how.resources.join(', ')})`
  return how.kind === 'horizon' ? 'it waits longer than a trial may last' : 'nothing is left that it could wait for'
}

/** A promise that fails before anybody waits for it is no unhandled rejection of the agent's. */
function keepQuiet<T>(promise: PromiseLike<T>): PromiseLike<T> {
  // By the original method: one of its own may be what starts a query.
  if (promise instanceof Promise) Promise.prototype.then.call(promise, undefined, () => {})
  return promise
}
