/**
 * The contract of a scenario: an agent, its world, its model, the invariants it must keep and the budget it must meet.
 * `ScenarioOptions` is what a user writes, `Scenario` what was resolved from it (by `define.ts`).
 */
import type { Fault } from '../../faults/fault.js'
import type { AgentContext, EffectFunction, ErrorShapes } from './agent.js'
import type { Budget } from './budget.js'
import type { Host } from './host.js'
import type { Invariant } from './invariant.js'
import type { Model } from './model.js'
import type { EndpointsOptions, Provider } from './provider.js'
import type { HttpWorld, TrialFiles } from './service.js'
import type { Claim, ExpectedIntent, TraceEvent } from './trace.js'

/** A logical operation, as a scenario names it. */
export interface NamedIntent {
  readonly kind: string
  readonly id: string | number
}

/** What `world()` is handed to make the world of one trial. */
export interface WorldContext<State> {
  /** What `state()` made for this trial; the world changes it in place. */
  readonly state: State
  /** Makes a change in the world, and enters it in the ledger. */
  readonly effect: EffectFunction
  /** Declares HTTP services. */
  readonly http: HttpWorld
  /** The trial's directory. */
  readonly files: TrialFiles
  /** Whether a fault has taken effect in the trial so far. */
  faultLanded(): boolean
}

/** What `world()` gives back: the tools that the agent is handed. `{}` for a world without tools. */
export interface World<Tools> {
  /** By their names; each call of one is a crossing of `tool:NAME`. */
  readonly tools?: Tools
}

/** What `goal()` is handed when the trial is over. */
export interface GoalContext<State> {
  /** The world's final state. */
  readonly state: State
  /** What the agent resolved to; `undefined` where it did not. */
  readonly result: unknown
  /** All that happened, in order. */
  readonly events: readonly TraceEvent[]
  /** The trial's directory, as the agent left it. */
  readonly files: TrialFiles
}

/**
 * What changes in a canary when its mistake is repaired, so that mistake and repair stand side by side. What is asked of
 * it stays. The repaired agent is judged by what caught the broken one.
 */
export type Repair<State, Tools> = Partial<
  Pick<
    ScenarioOptions<State, Tools>,
    'state' | 'world' | 'agent' | 'model' | 'goal' | 'claims' | 'via' | 'errors' | 'faults'
  >
>

/** What `defineScenario` takes. `State` is the world's memory, `Tools` what the agent is handed as `tools`. */
export interface ScenarioOptions<State, Tools> {
  /** Unique among the scenarios of a run. */
  name: string
  /** What the agent is asked to do. */
  task: string
  /** The outside world's memory: plain data, made anew for every trial. */
  state?: () => State
  /** Makes the world of one trial, at once: its tools, services and files. Left out, the agent has no tools. */
  world?: (context: WorldContext<State>) => World<Tools>
  /** The simulated model that answers the agent: `script` or `policy`. */
  model: Model
  /** Starts the agent. What it resolves to is its answer; what it throws is a failure. */
  agent: (context: AgentContext<State, Tools>) => unknown
  /**
   * Whether the task was really done, by the world's final state. Asked once, when the trial is over; a promise, or a query
   * that runs when it is awaited, is waited for in virtual time.
   */
  goal: (context: GoalContext<State>) => boolean | PromiseLike<boolean>
  /**
   * What the ledger may hold; anything else in it is unexpected. A list is of what must happen before the agent may claim
   * success. `{ must, may }` tells apart what may happen and need not. What `compensates` pairs with any of them may happen.
   */
  intents?: readonly NamedIntent[] | { readonly must?: readonly NamedIntent[]; readonly may?: readonly NamedIntent[] }
  /** What the agent's result says, at once or by a promise. By default resolving claims success, throwing reports a failure. */
  claims?: (result: never) => Claim | PromiseLike<Claim>
  /** Beside those that are on by default. One of the same name replaces the default one. */
  invariants?: readonly Invariant[]
  /** Names of default invariants to leave out. */
  without?: readonly string[]
  /**
   * Faults to face, or names or classes of faults; with "-" before it, what not to face. By default all that fit, except the
   * deceptive ones.
   */
  faults?: readonly (Fault | string)[]
  /** A canary: passes only when this invariant is found violated. */
  expect?: { readonly violates: string }
  /** Of a canary: the options that change when its mistake is repaired. `agent-chaos selftest` then tries both. */
  repaired?: Repair<State, Tools>
  /** Providers of models beside those that ship. One of the same name takes the place of the one that ships. */
  providers?: readonly Provider[]
  /** Where a provider's API is reached, by its name, when it is not at the vendor's own origin. */
  endpoints?: EndpointsOptions
  /** The errors by which tools tell of a fault, by failure code; by default an `Error` with `code` and `status`. */
  errors?: ErrorShapes
  /** How tools tell of a fault: by throwing (default) or by returning the error as a value. */
  via?: 'throw' | 'return'
  /** What a trial may spend, and how reliable the agent must be. */
  budget?: Budget
  /** Virtual milliseconds that a model call takes when nothing is wrong; 500 by default. */
  latency?: { readonly modelMs?: number }
  /** Every trial in a process of its own. */
  isolate?: boolean
  /**
   * What a trial may really reach beside this machine, as `HOST` or `HOST:PORT`: a database in a container, say. Time waits for
   * its answers, and what it keeps is for the scenario to put back.
   */
  allow?: readonly string[]
  /** Words by which `--tag` finds it. */
  tags?: readonly string[]
  /** How the agent is started and ended: in this process by default. */
  host?: Host
  /**
   * How model clients that the agent makes reach the simulated model. `memory` (default): without a network, whatever address
   * they ask. `loopback`: by real sockets to a server on 127.0.0.1, at `endpoints.NAME.baseURL` of the agent's context and
   * at the base URLs of its environment. A client that asks another address, or was made before the trial, stays in memory.
   */
  transport?: 'memory' | 'loopback'
  /**
   * How deep a crash goes. `soft` (default): the agent is called again in the same process, with its own modules evaluated
   * anew; those of packages stay, and in a library all do. `hard`: in a fresh process, to which the world's memory moves as
   * plain data. Only the command line can do the latter.
   */
  crash?: 'soft' | 'hard'
}

/** A scenario as the harness runs it: checked, with defaults filled in. */
export interface Scenario<State = unknown, Tools = unknown> {
  readonly kind: 'agent-chaos/scenario'
  /** `FILE:LINE` of the call of `defineScenario`; null where it is not known. */
  readonly declaredAt: string | null
  readonly name: string
  readonly task: string
  readonly state: () => State
  readonly world: (context: WorldContext<State>) => World<Tools>
  readonly model: Model
  readonly agent: (context: AgentContext<State, Tools>) => unknown
  readonly goal: (context: GoalContext<State>) => boolean | PromiseLike<boolean>
  readonly intents: readonly ExpectedIntent[] | null
  readonly claims: ((result: unknown) => Claim | PromiseLike<Claim>) | null
  readonly invariants: readonly Invariant[]
  /** Names of the invariants that the scenario itself lists; untested, they make it inconclusive. */
  readonly listed: readonly string[]
  readonly faults: readonly Fault[]
  /** All that a model call may be for: those that the scenario hands in first. */
  readonly providers: readonly Provider[]
  /** Names of the providers that the scenario itself hands in; a configuration does not replace them. */
  readonly ownProviders: readonly string[]
  readonly endpoints: EndpointsOptions
  readonly expect: { readonly violates: string } | null
  /** A canary with its mistake repaired: another scenario of the same name, and no canary. */
  readonly repaired: Scenario<State, Tools> | null
  readonly errors: ErrorShapes
  readonly via: 'throw' | 'return'
  readonly budget: Budget
  readonly latency: { readonly modelMs: number }
  readonly isolate: boolean
  readonly allow: readonly string[]
  readonly tags: readonly string[]
  /** `null`: in the process of the trial. */
  readonly host: Host | null
  readonly transport: 'memory' | 'loopback'
  readonly crash: 'soft' | 'hard'
}
