/**
 * The contract of a trace: the append-only list of what happened in a trial, as plain data. Times are virtual
 * milliseconds since the trial began. Nothing in it belongs to the runtime (stacks, agent strings, wall time), so the
 * same scenario, plan and seed give the same bytes everywhere; changing those bytes is a breaking change.
 */
import { createHash } from 'node:crypto'
import type { Action } from '../../faults/action.js'
import type { FaultClass } from '../../faults/fault.js'
import type { Json } from '../../faults/json.js'
import type { Address, Site, Trait } from '../../faults/site.js'
import { isAgentsOwn } from './boundary.js'
import type { BreakerNews } from './breaker.js'
import type { Reply, ToolUse, Usage } from './conversation.js'
import type { Failure } from './failure.js'
import type { ExpectedIntent, Intent } from './intent.js'
import type { Price } from './prices.js'
import type { Request } from './request.js'
import type { EndedSpan } from './span.js'

export type { ExpectedIntent, Intent } from './intent.js'

/** An error as the caller saw it. */
export interface ErrorFacts {
  readonly name: string
  readonly message: string
  /** The message is longer than what stands here. */
  readonly cut?: true
  readonly code?: string
  readonly status?: number
  /** The `retry-after` that came with it, as it stood on the wire. */
  readonly retryAfter?: string
  /** The `retry-after-ms` that came with it. */
  readonly retryAfterMs?: string
}

/** How a crossing ended for its caller. */
export type Outcome =
  /** `output` is what the caller was given, where it was given anything; of a model it stands in the reply. */
  | { readonly kind: 'ok'; readonly output?: Json }
  /** `class` is what an oracle may rely on: that of the fault that landed, or of a refusal by the simulated world. */
  | {
      readonly kind: 'failed'
      readonly failure: Failure
      readonly error: ErrorFacts
      readonly class: FaultClass | 'unknown'
    }

/** What the model answered, be it that all of it arrived or not. */
export interface ReplyFacts {
  readonly blocks: Reply['blocks']
  readonly stop: Reply['stop']
  readonly gaveUp: boolean
  readonly usage: Usage
  /** The provider's list price of the model on that day; `null` where it has none. */
  readonly price: Price | null
}

interface At {
  /** Virtual milliseconds since the trial began. */
  readonly at: number
}

/** One thing that happened in a trial; `kind` says what. `at` is in virtual milliseconds since the trial began. */
export type TraceEvent =
  /** A crossing begins. `crossing` numbers crossings from 0; `parent` is the crossing that it happens inside. */
  | (At &
      Address & {
        readonly kind: 'call'
        readonly crossing: number
        readonly parent: number | null
        readonly request: Request
        /** A short digest, by which two requests of one site are equal. */
        readonly identity: string
        readonly traits: readonly Trait[]
      })
  /** A planned fault lands on a crossing. `injection` indexes `Trace.injections`. */
  | (At & {
      readonly kind: 'fault'
      readonly crossing: number
      readonly injection: number
      readonly fault: string
      readonly class: FaultClass
      readonly actions: readonly Action['kind'][]
      /** Of a poisoned answer: what the instruction in it asks for. */
      readonly token?: string
      /** The model then asks for something that nothing shows to be other than the task has it. */
      readonly mistaken?: true
    })
  | (At & {
      readonly kind: 'return'
      readonly crossing: number
      readonly outcome: Outcome
      readonly reply?: ReplyFacts
    })
  /** Something happened to the world outside the agent: an entry of the ledger. */
  | (At & {
      readonly kind: 'effect'
      readonly crossing: number
      readonly effect: Intent
      readonly key: string | null
      readonly payload: Json
      /**
       * `applied` and `partial` changed the world, by the steps in `steps`. `replayed` did not, for it had been done
       * before: its key was known, or the service found it so. `refused` did not either.
       */
      readonly status: 'applied' | 'partial' | 'replayed' | 'refused'
      /** Indices of the steps that were applied now, and how many there are. */
      readonly steps: readonly number[]
      readonly stepsTotal: number
      /** The scenario declares that this service takes no idempotency keys: it cannot tell a duplicate apart. */
      readonly takesNoKeys?: true
    })
  /** A circuit breaker of the agent's own tells of itself; `breaker` is the site that it stands before. */
  | (At & { readonly kind: 'breaker'; readonly breaker: string } & BreakerNews)
  /** A span of the agent's own tracing has ended; recorded only where an invariant needs spans. */
  | (At & { readonly kind: 'span' } & EndedSpan)
  | (At & { readonly kind: 'unhandled'; readonly how: 'rejection' | 'exception'; readonly error: ErrorFacts })
  /** A request that would have left for a real network was refused. */
  | (At & { readonly kind: 'stray-request'; readonly method: string; readonly url: string })
  /** Whoever gave the task called it off: the agent's signal is aborted. */
  | (At & { readonly kind: 'cancel' })
  /** The agent had crashed and is started again, for the `attempt`-th time, without memory or with that of its modules. */
  | (At & { readonly kind: 'restart'; readonly attempt: number; readonly memory?: 'kept' })
  /** The agent answered. `cut`: its result, as JSON, is longer than what stands here. */
  | (At & {
      readonly kind: 'claim'
      readonly claim: Claim
      readonly result: string
      readonly cut?: true
      readonly error?: ErrorFacts
    })
  /**
   * When the agent had answered and all its real work had ended, it still had timers set that Node would wait for.
   * `longestMs` is how long the last of them had to go, or the longest time between two ticks of an interval.
   */
  | (At & {
      readonly kind: 'left-running'
      readonly what: 'timers' | 'intervals'
      readonly count: number
      readonly longestMs: number
    })
  | (At & { readonly kind: 'end'; readonly end: End })

/** Every kind of event, for what is named in text. */
const kinds: Readonly<Record<TraceEvent['kind'], true>> = {
  breaker: true,
  call: true,
  fault: true,
  return: true,
  effect: true,
  unhandled: true,
  'stray-request': true,
  span: true,
  cancel: true,
  restart: true,
  claim: true,
  'left-running': true,
  end: true,
}
export const eventKinds = Object.keys(kinds) as readonly TraceEvent['kind'][]

/** Events of one kind: `EventOf<'call'>`. */
export type EventOf<K extends TraceEvent['kind']> = Extract<TraceEvent, { kind: K }>

/** What the agent says of its own work. */
export const claims = ['success', 'degraded', 'failure', 'rolled-back'] as const
/** What the agent says of its own work. */
export type Claim = (typeof claims)[number]

/** How a trial came to its end. */
export type End =
  | { readonly kind: 'returned' }
  | { readonly kind: 'threw' }
  /** Nothing was left to wait for, and the agent had not ended. */
  | { readonly kind: 'deadlock' }
  /** Virtual time reached its cap. */
  | { readonly kind: 'horizon' }
  | { readonly kind: 'exited'; readonly code: number }
  /** An exception that nobody caught; it would have ended the agent's process. */
  | { readonly kind: 'crashed' }
  /** The plan crashed the agent as often as it may be started again. */
  | { readonly kind: 'crash-loop'; readonly attempts: number }
  /** Real work stayed in flight beyond the watchdog's limit. */
  | { readonly kind: 'stuck'; readonly resources: readonly string[] }
  /**
   * The watchdog ended the process, or it died by itself. `unresponsive`: it came to nothing new, and ran. `blocked`: it
   * neither came to anything nor ran, twice, the second time alone. `overlong`: it did for ten times as long as it may.
   * `starved`: it hardly got a processor, alone too. `unknown`: it took too long, and why cannot be told.
   */
  | {
      readonly kind: 'killed'
      readonly why: 'unresponsive' | 'blocked' | 'overlong' | 'starved' | 'unknown' | 'memory' | 'died'
    }

/** Whether real time ran out for a reason that nobody can lay at the agent's door: what it would have come to is not known. */
export function isCutShort(end: End): boolean {
  return end.kind === 'stuck' || (end.kind === 'killed' && (end.why === 'starved' || end.why === 'unknown'))
}

/** Why a trial's process is gone. */
export type KilledWhy = Extract<End, { kind: 'killed' }>['why']

/**
 * `planned`: its crossing never came. `reached`: it came, and the fault had nothing to take hold of. `masked`: an
 * earlier injection had ended the crossing. `landed`: it took effect at least once.
 */
export type InjectionStatus = 'planned' | 'reached' | 'masked' | 'landed'

/** What became of one planned injection. */
export interface InjectionRecord {
  /** Its text form. */
  readonly text: string
  /** How many faults it holds. */
  readonly faults: number
  readonly closed: boolean
  readonly status: InjectionStatus
  /** When a closed outage or window ends, in virtual milliseconds, once that is known. */
  readonly endsAt: number | null
  /** Of one that was reached: why it means nothing there, as where a vendor's wire has no counterpart of it. */
  readonly lack?: string
}

/** What a trial cost. */
export interface Spend {
  /** Questions to the model; one that failed and is asked again, of another model too, is none. */
  readonly turns: number
  /** Requests to the model, retries included. */
  readonly modelCalls: number
  readonly toolCalls: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** By the price of each model; `null` where one is not known. */
  readonly usd: number | null
  /** Virtual seconds until the agent answered, or until the trial ended. */
  readonly seconds: number
}

/** All that happened in one trial, as plain data. Equal scenario, plan and seed give equal bytes everywhere. */
export interface Trace {
  /** Its name. */
  readonly scenario: string
  readonly seed: number
  /** The plan in its text form; empty for none. */
  readonly plan: string
  /** What the scenario says that the ledger may hold; `null` where it says nothing. */
  readonly intents: readonly ExpectedIntent[] | null
  /** What became of each injection of the plan, in its order. */
  readonly injections: readonly InjectionRecord[]
  readonly events: readonly TraceEvent[]
  readonly end: End
  /** `null` where the agent never answered. */
  readonly claim: Claim | null
  /** `null` where the goal could not be evaluated. */
  readonly goal: boolean | null
  readonly spend: Spend
}

/** A crossing as one value: what was asked, what struck it, how it ended, and where these stand in the trace. */
export interface Crossing {
  readonly call: EventOf<'call'>
  readonly callIndex: number
  readonly faults: readonly EventOf<'fault'>[]
  /** `undefined` while it had not ended when the trial did. */
  readonly result: EventOf<'return'> | undefined
  readonly resultIndex: number
}

/**
 * Whoever adds up a trial asks for them, and so does every invariant. Events are only ever added. Of the last trace alone:
 * what a weak map of a module holds stays until V8 collects all memory.
 */
let lastRead:
  | { readonly events: Trace['events']; readonly length: number; readonly crossings: readonly Crossing[] }
  | undefined

/** The crossings of a finished trace in the order in which they began. */
export function crossingsOf(trace: Pick<Trace, 'events'>): readonly Crossing[] {
  const { events } = trace
  const { length } = events
  if (lastRead?.events !== events || lastRead.length !== length) {
    lastRead = { events, length, crossings: readCrossings(events) }
  }
  return lastRead.crossings
}

function readCrossings(events: Trace['events']): Crossing[] {
  const found: { -readonly [K in keyof Crossing]: Crossing[K] }[] = []
  const faults: EventOf<'fault'>[][] = []
  events.forEach((event, index) => {
    if (event.kind === 'call') {
      const own: EventOf<'fault'>[] = []
      faults[event.crossing] = own
      found[event.crossing] = { call: event, callIndex: index, faults: own, result: undefined, resultIndex: -1 }
    } else if (event.kind === 'fault') {
      faults[event.crossing]?.push(event)
    } else if (event.kind === 'return') {
      const crossing = found[event.crossing]
      if (crossing) Object.assign(crossing, { result: event, resultIndex: index })
    }
  })
  return found
}

/** The calls that the agent itself made and saw the end of; what happens inside a tool is the tool's affair. */
export function agentCallsOf(trace: Trace): Crossing[] {
  return crossingsOf(trace).filter(({ call }) => isAgentsOwn(call))
}

/** `tool:refund`, as it stands in plans and messages. */
export function siteName({ boundary, target }: Site): string {
  return `${boundary}:${target}`
}

/** All that the model said. */
export function textOfReply({ blocks }: Pick<Reply, 'blocks'>): string {
  return blocks.map((block) => (block.kind === 'text' ? block.text : '')).join('')
}

/** The tool calls that the model asked for, in order. */
export function toolCallsOf(reply: Pick<Reply, 'blocks'> | undefined): ToolUse[] {
  return (reply?.blocks ?? []).flatMap((block) => (block.kind === 'tool-call' ? [block] : []))
}

/** SHA-256 over the bytes of the trace, in hexadecimal. */
export function digestOf(trace: Trace): string {
  return createHash('sha256').update(JSON.stringify(trace)).digest('hex')
}
