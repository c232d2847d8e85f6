/**
 * The contract between the search and whatever runs its trials, in this process or in others: what a trial is asked to
 * be, and what comes back, as plain data.
 */

import type { FaultDescription } from '../../faults/fault.js'
import { encodePlan } from '../../faults/plan/notation.js'
import type { Plan } from '../../faults/plan/plan.js'
import type { Site } from '../../faults/site.js'
import type { Beside } from './beside.js'
import type { BreakerRemarks } from './breaker.js'
import type { Budget } from './budget.js'
import type { Debugging } from './debugging.js'
import type { FaultProfile } from './profile.js'
import type { JudgedTwice } from './report/judged-twice.js'
import type { Claim, End, ErrorFacts, InjectionRecord, Spend, Trace } from './trace.js'
import type { Judgement } from './verdict.js'
import type { WireRecord } from './wire.js'

/** A scenario without its code. */
export interface ScenarioFacts {
  readonly name: string
  readonly task: string
  readonly declaredAt: string | null
  readonly tags: readonly string[]
  readonly canary: string | null
  /** Whether it is a canary that says how its mistake is repaired. */
  readonly repairable: boolean
  readonly isolate: boolean
  /** Whether its agent is to call the model, and to meet faults of it. */
  readonly facesModel: boolean
  readonly budget: Budget
  /** The day of each provider's list prices, by its name. */
  readonly pricesAsOf: Readonly<Record<string, string>>
  readonly faults: readonly FaultDescription[]
  readonly invariants: readonly {
    readonly name: string
    readonly kind: 'safety' | 'liveness'
    readonly listed: boolean
    readonly restatesGoal?: true
    readonly harm?: true
    readonly outcome?: true
    readonly remedy?: string
    /** For one that ships; nothing where it was made with what is no plain data. */
    readonly recipe?: Recipe
    readonly counts?: readonly number[]
  }[]
}

/** How an invariant that ships is made: its maker, as `agent-chaos/invariants` exports it, and the options, as JSON. */
export interface Recipe {
  readonly maker: string
  readonly options?: unknown
}

/** What one trial is asked to be. */
export interface TrialSpec {
  /** Empty where the trial has a profile. */
  readonly plan: Plan
  /** Faults are drawn from it while the trial runs; the record's plan is what was drawn. */
  readonly profile?: FaultProfile | undefined
  readonly seed: number
  /** Whether the trace itself is wanted, or only what was concluded from it; and with it what passed over the wire. */
  readonly detail: 'brief' | 'full' | 'wire'
  /** Whether to find out where in the agent's code each call is made, which takes time. */
  readonly places?: boolean
  /** Whether the world's final state is wanted, from another process. */
  readonly state?: boolean
}

/** What makes a trial of a scenario that one and no other, as plain data. What is only to be told of it besides does not count. */
export function trialParts({ plan, profile, seed, detail, places }: TrialSpec): readonly unknown[] {
  return [encodePlan(plan), profile ?? null, seed, detail, places ?? false]
}

/** What came of one trial, as plain data. */
export interface TrialRecord {
  /** What was planned, or drawn: with the seed it replays the trial. */
  readonly plan: string
  readonly seed: number
  readonly end: End
  readonly claim: Claim | null
  readonly goal: boolean | null
  readonly spend: Spend
  /** How many crossings there were, of all sites. */
  readonly crossings: number
  /** At how many of them a fault landed. */
  readonly landed: number
  readonly injections: readonly InjectionRecord[]
  /** Where an outage struck and was over before the trial was: whether the agent came back to what it had struck. */
  readonly cameBack?: boolean
  /** What landed where. */
  readonly struck: readonly { readonly site: string; readonly fault: string }[]
  /** Addresses that the agent tried to reach and that nobody answers, each with what to tell of it. */
  readonly strays: readonly Stray[]
  readonly judgements: readonly Judgement[]
  /** Whether somebody else wrote where the worker answers; it was ignored. */
  readonly intruded?: boolean
  /** How it was ended at first, where the trial of the plan `after` had run before; alone, in a fresh process, it came to this. */
  readonly disturbed?: { readonly why: Extract<End, { kind: 'killed' }>['why']; readonly after: string }
  /** Of the circuit breakers that were observed, if there were any. */
  readonly breakers?: readonly BreakerRemarks[]
  /** What to know of a trial that came out badly, where `full` detail was asked for. */
  readonly failure?: TrialFailure
  /** The trace and its digest, where `full` detail was asked for. */
  readonly evidence:
    | (Beside & {
        readonly trace: Trace
        readonly digest: string
        readonly wire?: readonly WireRecord[]
      })
    | null
  /** Where it was asked for: the world's final state; `null` where it is no plain data. */
  readonly state?: FinalState | null
  /** With `full` detail: sites that were there for the agent, met or not. */
  readonly offered?: readonly Site[]
  /** With `full` detail: lengths of the timers that the agent's code has set, in virtual milliseconds, ascending. */
  readonly waits?: readonly number[]
  /** With `full` detail: models of vendors that the agent did not ask, as patterns. */
  readonly unasked?: readonly Site[]
}

export type Disturbed = NonNullable<TrialRecord['disturbed']>

/** What does not stand in a trace: places in the user's code, and the world's final state. */
export interface TrialFailure {
  /** What the agent or `goal()` threw. */
  readonly error?: ErrorFacts | undefined
  /** Where in the user's own code: `file:line`. */
  readonly where?: string | undefined
  /** Of the outside world, as JSON, where the goal was missed. */
  readonly state?: string | undefined
}

/** A state that travelled: JSON, or V8's own form in base64 where there is more to it. */
export interface FinalState {
  readonly form: 'json' | 'v8'
  readonly text: string
}

/** How trials are run, and who hears of them. */
export interface RunOptions {
  /** In a process where no other trial has run. */
  readonly fresh?: boolean
  /** In another process than the one in which the same trial (the very spec) ran before, where several are at hand. */
  readonly elsewhere?: boolean
  /** Called after each trial, in whatever order they end, with the index of its spec. */
  readonly onTrial?: (record: TrialRecord, index: number) => void
  /** Aborted: no further trial is begun. */
  readonly signal?: AbortSignal | undefined
}

/** Runs the trials of one scenario, in this process or elsewhere. */
export interface Executor {
  readonly facts: ScenarioFacts
  /**
   * Runs the trials, several at once where it can. Records come back in the order of the specs, `undefined` for those
   * that an abort left out.
   */
  run(specs: readonly TrialSpec[], options?: RunOptions): Promise<(TrialRecord | undefined)[]>
  /** How trials were judged again elsewhere; absent where there is no other process. To be asked when its trials are over. */
  judgedTwice?(): JudgedTwice
  /** What two machines made of one trial, a sentence each; absent where there is one machine. To be asked when its trials are over. */
  disagreements?(): readonly string[]
}

/** What to tell of trials, after their number, in which somebody else wrote where the worker answers. */
export const intrusionNote =
  'trials wrote messages of their own into the pipe by which agent-chaos hears of them (descriptor 4): they were ignored'

/** What a stray begins with that is no address, but what ran beside the agent. */
export const besideAgent = 'beside:'
/** The same, of readings of time and chance that no seed repeats. */
export const unownedReading = 'unowned:'

/** Whether it is an address that was tried, and not what else is noted of the trial. */
export function isAddress({ url }: Stray): boolean {
  return !url.startsWith(besideAgent) && !url.startsWith(unownedReading)
}

/** An address that the agent tried to reach and that nobody answers. */
export interface Stray {
  readonly url: string
  /** What to tell the user of it. */
  readonly note: string
}

/** Where a scenario is to be found. */
export interface ScenarioSource {
  /** The name of the package that the file belongs to; `null` where it belongs to none. */
  readonly package: string | null
  /** Its path from the root of whoever looks for it, with slashes. */
  readonly file: string
  /** SHA-256 of its text, in hexadecimal: another file of that name is another scenario. */
  readonly digest: string
  /** A canary with its mistake repaired, in place of the canary. */
  readonly repaired?: boolean
  /** Which of all that it exports; without this its default export. */
  readonly exported?: ExportedScenario | undefined
}

/** A scenario among several that a file may export. */
export interface ExportedScenario {
  readonly name: string
  /** The lines of the file that made it, the innermost first. */
  readonly lines: readonly number[]
}

/** What executors are opened with. The same settings hold for all scenarios of a run. */
export interface ExecutorSettings {
  /** The folder that the paths of scenarios begin from, absolute, on the machine that runs them. */
  readonly root: string
  /** Real seconds in which a trial must come to something new. Waiting for a processor does not count. */
  readonly trialTimeout: number
  /** Megabytes that a process which runs trials may take. */
  readonly memoryMax: number
  /** Where the agent's own output goes: nowhere, or to this process's standard error. */
  readonly output: 'discard' | 'show'
  /** The configuration file whose providers and endpoints hold, absolute. */
  readonly config?: string | undefined
  /** Whether trials say what they read of time and chance that no seed repeats. */
  readonly strict?: boolean | undefined
  /** Processes that run trials have a network of their own, with loopback and nothing else. */
  readonly networkNamespace?: boolean | undefined
  /** Processes that run trials wait for a debugger, and no limit of real time holds. */
  readonly debugging?: Debugging | undefined
  /** Called with secrets that a scenario or its agent put into the environment, before anything that may hold them. */
  readonly onSecrets: (secrets: readonly string[]) => void
}

/** Of one scenario, which is loaded, until it is closed. */
export interface OpenExecutor extends Executor {
  /**
   * What its trials changed of the processes that they ran in, by name: variables, globals, listeners. Nobody else is given
   * these. To be asked when its trials are over.
   */
  changes?(): Promise<readonly string[]>
  /** Whether modules go on by themselves, by timers or connections. To be asked when its trials are over. */
  atWork?(): Promise<boolean>
  /** Frees what it holds. No trial runs any more. */
  close(): void
}

/** Opens executors for one scenario after the other, and keeps what they share until it is closed itself. */
export interface Executors {
  /**
   * Loads the scenario; rejects with a `UserError` where its file is at fault. `concurrency` says how many trials may run at
   * once, as it is now: where other files are done there may be more.
   */
  open(source: ScenarioSource, concurrency: () => number): Promise<OpenExecutor>
  close(): void
}

/** Handed to campaign and selftest, which know no process and no machine. */
export type OpenExecutors = (settings: ExecutorSettings) => Executors
