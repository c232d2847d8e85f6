/**
 * The end of a trial: what the scenario says of it, which may take time of its own, and what the invariants make of it. The
 * agent is frozen by then.
 */
import { encodePlan } from '../../faults/plan/notation.js'
import { horizonMs, spendOf } from '../contracts/budget.js'
import type { OpenHost } from '../contracts/host.js'
import { offeredSites, unaskedModels } from '../contracts/offered-sites.js'
import type { Scenario } from '../contracts/scenario.js'
import type { Claim, End, Trace } from '../contracts/trace.js'
import { companyOfTrial } from '../sandbox/stubs/children.js'
import { unownedOfTrial } from '../sandbox/stubs/unowned.js'
import type { Parts, WaitFor } from './parts.js'
import { settle } from './promised.js'
import type { Thrown, TrialResult } from './trial-result.js'
import type { TrialWorld } from './trial-world.js'

/** What the agent answered. */
export interface Answer {
  readonly claim: Claim
  readonly result: unknown
  readonly end: End
  /** Says what it claims once it is waited for; `index` is that of the answer's event. */
  readonly promise?: { readonly claim: PromiseLike<unknown>; readonly index: number } | undefined
}

export interface EndedTrial {
  readonly scenario: Scenario
  readonly seed: number
  readonly host: OpenHost
  readonly world: TrialWorld
  readonly parts: Parts
  readonly end: End
  readonly answer: Answer | undefined
  readonly thrown: Thrown | undefined
  /** Names of the tools that the agent was handed. */
  readonly tools: readonly string[]
  /** Goals of other copies of the scenario's modules; none where the agent was started once. */
  readonly goalsElsewhere: () => Promise<readonly Scenario['goal'][]>
  /** Real milliseconds that real work of the scenario's may stay in flight. */
  readonly realMs: number
}

/** Rejects with a `UserError` where the scenario answers with what it may not. */
export async function conclude(ended: EndedTrial): Promise<TrialResult> {
  const { scenario, seed, world, parts, end, answer } = ended
  const { state, files, injector, wire } = world
  const { events } = world.recorder
  const waits = world.clock.waits()
  // Time moves for nobody but the scenario from here on: not for what the agent left behind, nor for the world's last deliveries.
  world.clock.drop()
  const wait = waiting(ended)
  const claim = await awaitClaim(ended, wait)
  const context = { state, result: answer?.result, events, files }
  const goal = await parts.goal(context, wait)
  if (goal.reached !== null) await parts.sameGoal(goal.reached, await ended.goalsElsewhere(), context, wait)
  const trace: Trace = {
    scenario: scenario.name,
    seed,
    plan: encodePlan(injector.plan),
    intents: scenario.intents,
    injections: injector.records(),
    events,
    end,
    claim,
    goal: goal.reached,
    spend: spendOf(events, scenario.budget.prices),
  }
  const thrown = goal.reached === null ? { error: goal.error } : ended.thrown
  const offered = offeredSites(ended.tools, world.services.origins)
  const unasked = unaskedModels(trace, scenario.providers)
  const beside = world.beside(thrown && 'error' in thrown ? thrown.error : undefined)
  const judgements = parts.judge(trace, state)
  const company = companyOfTrial()
  const unowned = unownedOfTrial()
  const more = { ...(wire && { wire }), ...(company && { company }), ...(unowned && { unowned }) }
  return { trace, state, judgements, thrown, offered, unasked, waits, ...more, ...beside }
}

function waiting({ host, scenario, realMs, end }: EndedTrial): WaitFor {
  return async (promise) => {
    const answer = await settle(promise, { host, virtualMs: horizonMs(scenario.budget), realMs })
    // The agent's own work holds the time that the scenario waits for.
    const isHeld = end.kind === 'stuck' && answer.kind === 'pending' && answer.how.kind === 'stuck'
    return isHeld ? { kind: 'threw', error: new Error('real work of the agent held virtual time') } : answer
  }
}

/** What the answer claims; its event stands in the trace already, and is made to say so. */
async function awaitClaim({ answer, parts, world }: EndedTrial, wait: WaitFor): Promise<Claim | null> {
  const { claim = null, promise } = answer ?? {}
  if (!promise) return claim
  const said = await parts.awaitClaim(promise.claim, wait)
  const { events } = world.recorder
  const event = events[promise.index]
  if (event?.kind === 'claim') events[promise.index] = { ...event, claim: said }
  return said
}
