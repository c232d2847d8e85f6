/**
 * The contract of a host: how an agent is started, followed and ended, and whose time passes meanwhile. A trial knows no
 * process and no event loop; it asks its host.
 */
import type { AgentContext } from './agent.js'
import type { Environment } from './provider.js'

/** How an agent is started, followed and ended, and whose time passes meanwhile. */
export interface Host {
  /** In kebab-case. */
  readonly name: string
  /** `virtual`: it moves when the agent waits for nothing else, and traces are equal to the byte. `real`: it passes. */
  readonly clock: 'virtual' | 'real'
  /** Rejects with a `UserError` where this machine cannot do it. Asked before each trial. */
  prepare(): Promise<void>
  /** For one trial, and one at a time. Nothing is touched yet. */
  open(stage: Stage): OpenHost
}

/** What a host is handed of a trial. */
export interface Stage {
  readonly seed: number
  readonly agent: (context: AgentContext<unknown, unknown>) => unknown
  /** Whether each start after the first has its modules evaluated anew: nothing that the ones before set goes on then. */
  readonly reloads?: boolean
  /** What the agent's environment is to have; `undefined` for what it must not have. */
  readonly environment: Environment
  /** Where time goes on, for a trial that began elsewhere. */
  readonly clock: ClockSnapshot | undefined
  /** The network of the agent as it runs now. */
  network(): StageNetwork
  /** The agent ended its process, at a place in the user's code. */
  onExit(code: number, where: string | undefined): void
  /** Something was thrown that nobody caught. */
  onUnhandled(how: 'rejection' | 'exception', error: unknown): void
}

/** The network of an agent's process. */
export interface StageNetwork {
  readonly fetch: typeof globalThis.fetch
  /** Puts a request for a real network on record; the error is what its client sees. */
  refuse(origin: string, by?: 'CONNECT' | 'DNS' | 'UDP'): Error
  /** What the scenario allows beside this machine. */
  readonly allow: readonly string[]
}

/** A host that has one trial. The trial calls `enter`, then `begin` for each start of the agent, and `follow`. */
export interface OpenHost {
  readonly clock: Clock
  /** The trial begins: time, chance and network are its own. `guests` watch what the agent does, by name. Returns the undo. */
  enter(guests: ReadonlyMap<string, unknown>): () => void
  /** A process for the agent begins, the `attempt`-th in this trial; what the scenario makes from now on belongs to it. */
  begin(attempt: number): AgentProcess
  /** Follows the trial until it ends, in its time. */
  follow(until: FollowOptions): Promise<FollowEnd>
}

/** One start of the agent, until it ends or crashes. */
export interface AgentProcess {
  /** Starts the agent. Settles with what it answers or throws; never, where it is gone before. */
  start(context: AgentContext<unknown, unknown>): Promise<unknown>
  /** For an agent that has not answered when its trial is over. `abort` tells it; resolves when it had time to clean up. */
  stop(abort: () => void): Promise<void>
  /** All that it held is gone at once. */
  crash(): void
}

/** Time as the world of a trial knows it; milliseconds since the trial began. */
export interface Clock {
  /** Never goes back. */
  now(): number
  /** Since 1970, as the agent's `Date` shows it. */
  wallNow(): number
  /** Moves the wall clock, forwards or back. */
  jump(ms: number): void
  /** Rejects with the signal's reason on abort. It ends with the agent's process. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Goes on when the agent crashes: it is the world that waits. */
  sleepOn(ms: number): Promise<void>
  /** What the agent's code has set and not let go of; with one of these its process would not end. */
  heldTimers(): SetTimers[]
  /** How long the agent's code has waited for something, or would have: each length once, in milliseconds, ascending. */
  waits(): readonly number[]
  /** Whoever waits is forgotten, the world too; those who wait from now on are not. */
  drop(): void
  /** Whoever waits is forgotten for good. */
  stop(): void
  snapshot(): ClockSnapshot
}

/** Where a clock stands: milliseconds since the trial began, and how far the wall clock has jumped. */
export interface ClockSnapshot {
  readonly nowMs: number
  readonly jumpedMs: number
}

/** Timers of one kind that the agent's code has set. */
export interface SetTimers {
  readonly what: 'timers' | 'intervals'
  readonly count: number
  /** Milliseconds until the last of them is due; of intervals, the longest from one time to the next. */
  readonly longestMs: number
}

/** Until when a trial is followed. */
export interface FollowOptions {
  /** Whether the agent has answered. */
  readonly isSettled: () => boolean
  /** Called once, when nothing but timers is left of what the agent had under way when it answered. */
  readonly onDrained?: () => unknown
  /** Following ends at once when this settles, with nothing drained. */
  readonly until?: Promise<unknown>
  /** Whether the trial was ended out of band: the agent exited or crashed. */
  readonly isStopped: () => boolean
  /** Milliseconds since the trial began beyond which no timer fires. */
  readonly horizonMs: number
  /** Milliseconds by which the horizon is further off by now; none by default. */
  readonly moreMs?: () => number
  /** Real milliseconds that real work may stay in flight while time stands still. */
  readonly realLimitMs: number
  /** What the agent has come to by now, as a number that grows; while it does the limit begins anew. */
  readonly progress?: () => number
  /** Told each time that virtual time is about to move. */
  readonly onStep?: (() => void) | undefined
  /** Megabytes that the process may take: while it still grows towards them the limit waits. */
  readonly memoryMbMax?: number | undefined
}

/** How following a trial came to its end. */
export type FollowEnd =
  /** The agent answered, and what it left behind was drained. */
  | { readonly kind: 'settled' }
  /** Nothing was left to wait for, and the agent had not answered. */
  | { readonly kind: 'deadlock' }
  /** The next timer lay beyond the horizon, and the agent had not answered. */
  | { readonly kind: 'horizon' }
  /** Real work stayed in flight beyond the limit; `resources` are the platform's names for it. */
  | { readonly kind: 'stuck'; readonly resources: readonly string[] }
  /** The trial was ended out of band. */
  | { readonly kind: 'stopped' }
