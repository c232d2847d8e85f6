/**
 * The contract between the boundaries (tools, side effects, the model, ...) and the injector: a boundary opens a
 * crossing, is told how it is to go, carries that out, and says how it ended.
 */
import type { Action, Treatment } from '../../faults/action.js'
import type { ActionAt, Boundary } from '../../faults/boundaries.js'
import type { FaultClass } from '../../faults/fault.js'
import type { Lacks, Trait } from '../../faults/site.js'
import type { Request } from './request.js'
import type { Outcome, ReplyFacts, TraceEvent } from './trace.js'

export interface Opening {
  readonly target: string
  /** Whom the target belongs to, where selectors may name it too: of a model its provider. */
  readonly owner?: string
  readonly request: Request
  /** Equal for equal requests (`identityOf`): one at the same site, after a failure, is a further attempt. */
  readonly identity: string
  /** What selectors look into: of a tool its first argument, otherwise what the boundary says. */
  readonly argument: () => unknown
  readonly traits: readonly Trait[]
  /** Why it cannot what it cannot, where that is known. */
  readonly lacks?: Lacks
  /** The crossing that this one happens inside, where that is known. */
  readonly parent: number | null
}

/** Each boundary carries out its own actions; who carries out those of several asks for the actions. */
export type OpenCrossing<B extends Boundary> = TreatedCrossing<ActionAt<B>>

export interface TreatedCrossing<A extends Action> {
  /** Its number in the trace. */
  readonly number: number
  readonly treatment: Treatment<A>
  /** The class of the fault that ends the crossing; `unknown` where none does. */
  readonly endingClass: FaultClass | 'unknown'
  /**
   * Records that the planned faults took effect, those that were not recorded before; of `modifiers`, that they did, while
   * it is open whether the ending has anything to take hold of. A boundary that cannot carry them out here does not call it.
   */
  strike(which?: 'all' | 'modifiers'): void
  finish(outcome: Outcome, reply?: ReplyFacts): void
}

/** What boundaries need of the trial that runs. */
export interface Crossings {
  open<B extends Boundary>(boundary: B, opening: Opening): OpenCrossing<B>
  /** Appends to the trace, stamped with virtual time. */
  record(event: Unstamped): void
  /** A short digest of a text, the same in every run: a name that this machine made up counts as the name that stands for it. */
  digest(text: string): string
  /** The text with that name in place of what this machine made up, so that it is as long in every run. */
  portable(text: string): string
  /** The same of what a request asks for, but ids that the simulated model gave count by the order in which they appear. */
  identityOf(text: string): string
  /** What the trace holds so far. */
  readonly events: readonly TraceEvent[]
  /** Virtual sleep of the world's, which goes on when the agent crashes. */
  sleep(ms: number): Promise<void>
  /** Moves the agent's wall clock by `ms`, forwards or back; monotonic time and timers stay. */
  jumpClock(ms: number): void
  /** Whoever gave the task calls it off: the agent's signal is aborted. Nothing else of it ends. */
  cancel(): void
  /** The agent's process is ended `ms` later, if it has not answered by then. */
  kill(ms: number): void
  /**
   * The agent's process is gone, from this moment on: what it had begun is frozen, and it is started again with durable
   * state only. What the world has been told to do goes on.
   */
  crash(): void
  /** True once the agent crashed or the trial is over: what it still runs is frozen and must not touch the world. */
  readonly frozen: boolean
}

/** An event without its time. */
export type Unstamped = TraceEvent extends infer E ? (E extends TraceEvent ? Omit<E, 'at'> : never) : never

/** What a crossing is that begins when its trial is over already: it leaves no mark. */
export function inert<B extends Boundary>(): OpenCrossing<B> {
  const treatment = { modifiers: [], ending: undefined }
  return { number: -1, treatment, endingClass: 'unknown', strike: () => {}, finish: () => {} }
}

/** What a caller that gave up waiting can say of an answer that it never saw: a refusal for good is none to it. */
export function unseenClass({ endingClass }: Pick<OpenCrossing<Boundary>, 'endingClass'>): FaultClass | 'unknown' {
  return endingClass === 'unknown' ? 'unknown' : 'indeterminate'
}

/** How much later a crossing goes than it was asked for, in virtual milliseconds. */
export function plannedDelayMs({ modifiers }: Treatment): number {
  return modifiers.reduce((sum, modifier) => sum + (modifier.kind === 'delay' ? modifier.ms : 0), 0)
}

/** What happens to the agent beside the crossing, as the treatment has it: its wall clock jumps, it is called off or killed. */
export function applyModifiers(
  { modifiers }: Treatment,
  crossings: Pick<Crossings, 'jumpClock' | 'cancel' | 'kill'>,
): void {
  for (const modifier of modifiers) {
    if (modifier.kind === 'clock-jump') crossings.jumpClock(modifier.ms)
    // Not within the very call: like any event it comes once the caller has begun to wait, and then finds it listening.
    else if (modifier.kind === 'cancel') queueMicrotask(() => crossings.cancel())
    else if (modifier.kind === 'kill') crossings.kill(modifier.ms)
  }
}

/**
 * A promise that never settles, for code that runs on after its trial is over. A new one each time: one that all share
 * would hold on to everybody who ever waited for it, and to all that they hold.
 */
export function never(): Promise<never> {
  return new Promise<never>(() => {})
}
