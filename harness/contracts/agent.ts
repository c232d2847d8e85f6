/** The contract of an agent: what it is handed when it is started. */
import type { FailureCode } from '../../faults/action.js'
import type { Observe } from './breaker.js'
import type { ModelEndpoint } from './provider.js'
import type { TrialFiles } from './service.js'

/** What is being done to the outside world, for the ledger. */
export interface EffectInfo {
  /** What kind of change it is: `refund`, `email`. It names the site `effect:KIND`. */
  readonly kind: string
  /** The logical operation that it serves, as the task would name it: an order's number, a recipient. */
  readonly intent: string | number
  /** An idempotency key. With one, the change behaves as a service that honours such keys; without, every call applies. */
  readonly key?: string | undefined
  /** What is sent. The same key with another payload is refused (422). */
  readonly payload?: unknown
}

/**
 * Makes a change in the outside world, and enters it in the ledger. Rejects as a fault of the plan says, or with what
 * `apply` throws.
 */
export interface EffectFunction {
  /** A change in one piece. */
  <R>(info: EffectInfo, apply: () => R | Promise<R>): Promise<R>
  /** A change in steps, which can be left half done. Resolves to the results of the steps. */
  (info: EffectInfo & { readonly steps: readonly (() => unknown)[] }): Promise<unknown[]>
}

/** By the provider's name; each provider adds its own. */
export interface ModelEndpoints {
  readonly [provider: string]: ModelEndpoint
}

/** What an agent is handed each time it is started: by the trial at first, and again after a crash. */
export interface AgentContext<State, Tools> {
  /** What the scenario asks for. */
  readonly task: string
  /** The world's tools, each a boundary. */
  readonly tools: Tools
  /** The outside world's memory. A real agent has no such sight of it. */
  readonly state: State
  /** The trial's `fetch`, for agents that are handed one. */
  readonly fetch: typeof fetch
  /** Where each provider's API is, and the key for it, for clients that are told: `endpoints.NAME`. */
  readonly endpoints: ModelEndpoints
  /** Aborted when whoever gave the task calls it off, or when the trial ends before the agent does. */
  readonly signal: AbortSignal
  /** 1, or more after a crash. */
  readonly attempt: number
  /** The trial's directory; each write below it is a boundary. */
  readonly files: TrialFiles
  /**
   * Makes tools of any shape a boundary: functions, or objects with `execute`, `run`, `invoke`, `handler`, `call`, `func`,
   * `callback`, `stream`, `callTool`. All that a framework hands to the tool besides its input reaches it, as the id of the call.
   */
  instrument<T>(tools: T): T
  /**
   * Makes methods of a client that the agent already has side effects: each call of one is entered in the ledger as what
   * its function in `methods` says of the call's arguments. A dotted name reaches into the client (`refunds.create`).
   */
  wrap<T extends object>(client: T, methods: WrappedMethods, look?: FailureLook): T
  /** Has the agent's own circuit breakers listened to. */
  readonly observe: Observe
}

/** What a call of each method is, for the ledger; with a `key` it behaves as a service that honours such keys. */
// biome-ignore lint/suspicious/noExplicitAny: the arguments are those of the user's own client
export type WrappedMethods = Readonly<Record<string, (...args: any[]) => EffectInfo>>

/** What a fault looks like in the user's own code: which errors it makes, and whether they are thrown or returned. */
export interface FailureLook {
  readonly errors?: ErrorShapes
  readonly via?: 'throw' | 'return'
}

/** What a fault looks like to the agent's own code, by failure code; the default is an `Error` with `code` and `status`. */
export type ErrorShapes = { readonly [C in FailureCode | 'exception']?: () => unknown }
