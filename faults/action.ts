/**
 * What is done to one crossing, as a value. A fault makes actions; a boundary carries them out in its own terms. Shared
 * code branches on the kind of an action and never on the name of a fault.
 */
import type { Json } from './json.js'

/** Why a call failed, in words that every boundary can put on its own wire. */
export const failureCodes = [
  'timeout',
  'reset',
  'refused',
  'unresolved',
  'bad-request',
  'unauthorized',
  'not-found',
  'conflict',
  'rate-limited',
  'server-error',
  'unavailable',
] as const
/** Why a call failed: one of `failureCodes`. */
export type FailureCode = (typeof failureCodes)[number]

/**
 * Those of a model's API. `overloaded`: a load that is not the caller's own. `slow-down`: the caller asks for more and more too
 * quickly. `too-long`, `too-large`: the conversation is more than the model reads, or the API takes. `spend-limit`, `no-credit`:
 * the money is used up, and no waiting helps.
 */
export const modelFailureCodes = [
  ...failureCodes,
  'overloaded',
  'slow-down',
  'too-long',
  'too-large',
  'spend-limit',
  'no-credit',
] as const
/** Why a model's API failed: one of `modelFailureCodes`. */
export type ModelFailureCode = (typeof modelFailureCodes)[number]

/** Why a file could not be written, as the operating system says it: ENOSPC, EACCES, EIO, EMFILE. */
export const fileErrorCodes = ['no-space', 'access-denied', 'io-error', 'too-many-open'] as const
/** Why a file could not be written: one of `fileErrorCodes`. */
export type FileErrorCode = (typeof fileErrorCodes)[number]

/** How a caller learns that no answer came; `hang`: it never does, `exception`: the callee's own code threw. */
export type Symptom = 'timeout' | 'reset' | 'hang' | 'exception'

/** What the model says in place of its own answer. */
export type Substitute =
  /** The last tool call of the conversation once more, whatever came of it. */
  | { readonly kind: 'repeat-last-call' }
  /** A plan in words, reworded from turn to turn, and no tool call. */
  | { readonly kind: 'plan' }
  /** The last tool call once more if it failed; the model's own answer otherwise. It never gives up. */
  | { readonly kind: 'insist' }
  /** What an instruction in the last tool results tells it to do (`instruction.ts`); its own answer where there is none. */
  | { readonly kind: 'obey' }
  | { readonly kind: 'text'; readonly text: string }
  /** Its own answer with one thing wrong in it; as it was where it has nothing of that kind in it. */
  | { readonly kind: 'mistaken'; readonly mistake: Mistake }

/** What a model gets wrong in its own answer. */
export type Mistake =
  /** It declines, for reasons of policy. */
  | { readonly kind: 'refusal' }
  /** Nothing is in it: no text and no call. */
  | { readonly kind: 'empty' }
  /** So much of its text (a share), and no call: a limit was reached, the answer's own or that of the context. */
  | { readonly kind: 'text-cut'; readonly at: number; readonly stop: 'max-tokens' | 'context-full' }
  /** So much of the input of its last call (a share), and nothing behind it, for the same reasons. */
  | { readonly kind: 'call-cut'; readonly at: number; readonly stop: 'max-tokens' | 'context-full' }
  /**
   * The input of its first call is no JSON: half of it, though the answer ends as if it were whole; quotes of the wrong kind; or
   * the same input twice, one behind the other.
   */
  | { readonly kind: 'malformed-input'; readonly how: 'half' | 'single-quotes' | 'twice' }
  /** It says that all is done, in place of its next call. */
  | { readonly kind: 'step-forgotten' }
  /** Its first call stands in it twice, under two ids. */
  | { readonly kind: 'call-twice' }
  /** Its first call names a tool that is not on offer. */
  | { readonly kind: 'unknown-tool' }
  /** Its first call breaks the schema of the tool: a field that must be there is missing, or of another type. */
  | { readonly kind: 'invalid-input'; readonly how: 'missing' | 'type' }
  /** The input of its first call means the same in another form. */
  | { readonly kind: 'reworded'; readonly how: 'order' | 'number' | 'case' | 'space' | 'left-out' }
  /** Its first call is about another thing of the same kind. */
  | { readonly kind: 'other-entity' }

/** Where an answer of a model breaks off, by what it means; without one a share of its length says it. */
export const breakPlaces = [
  'before-content',
  'in-text',
  'in-character',
  'in-input',
  'after-block',
  'before-stop',
  'before-last-event',
] as const
/** Where an answer of a model breaks off: one of `breakPlaces`. */
export type BreakPlace = (typeof breakPlaces)[number]

/** Where an event of an error may stand: between others, and in no character. */
export const eventPlaces = breakPlaces.filter((place) => place !== 'in-character')
/** Where an event of an error may stand: one of `eventPlaces`. */
export type EventPlace = Exclude<BreakPlace, 'in-character'>

/** How an answer is changed on its way back; where it comes out as it was, the fault has nothing to take hold of. */
export type Edit =
  /** Nothing is in it any more. */
  | { readonly kind: 'empty' }
  /** What the last call before it was told, of those to the same site with an equal or with another input. */
  | { readonly kind: 'earlier'; readonly call: 'equal' | 'other' }
  /** So many bytes of text more than it had. */
  | { readonly kind: 'long'; readonly bytes: number }
  /** A text in place of data, which can be read as none: the first half of it as JSON, or a page of HTML. */
  | { readonly kind: 'malformed'; readonly how: 'cut' | 'html' }

/** Whether the model then asks for something that nothing shows to be other than the task has it. */
export function isMistakenAsk(action: Action): boolean {
  if (action.kind !== 'answer' || action.reply.kind !== 'mistaken') return false
  const { mistake } = action.reply
  return mistake.kind === 'other-entity' || (mistake.kind === 'reworded' && mistake.how !== 'order')
}

/** Changes how a crossing goes without ending it; several of them compose. */
export type Modifier =
  /** Later, by this many virtual milliseconds. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** The same request is delivered `times` more, `gapMs` after each other; the caller sees the first answer. */
  | { readonly kind: 'repeat'; readonly times: number; readonly gapMs: number }
  /** The answer comes slowly: `firstMs` before the first chunk, `eachMs` between chunks, `pings` keep-alives before it. */
  | { readonly kind: 'pace'; readonly firstMs: number; readonly eachMs: number; readonly pings: number }
  /** The wall clock jumps, forwards or back; monotonic time and timers do not. */
  | { readonly kind: 'clock-jump'; readonly ms: number }
  /** Whoever gave the task calls it off while the crossing is under way; the crossing itself goes on. */
  | { readonly kind: 'cancel' }
  /** The agent's process is ended so many virtual milliseconds later, whatever it does then, and started again. */
  | { readonly kind: 'kill'; readonly ms: number }

/** Decides how a crossing ends; the first one in the order of the plan masks the rest. */
export type Ending =
  /** Definitely not sent. */
  | { readonly kind: 'refuse'; readonly how: 'unresolved' | 'refused' }
  /** Answered with an error and not executed. `retryAfter` is put on the wire as it stands, hostile values included. */
  | Reject<ModelFailureCode>
  /** No answer. `before`: not executed; `after`: executed. The caller sees the same, `timeoutMs` later for a timeout. */
  | { readonly kind: 'drop'; readonly when: 'before' | 'after'; readonly symptom: Symptom; readonly timeoutMs: number }
  /** Part of the answer (`at` is a share of it, 0 to 1), then a reset, a clean end, or silence. */
  | {
      readonly kind: 'cut'
      readonly at: number
      readonly how: 'reset' | 'clean-end' | 'stall'
      readonly place?: BreakPlace
    }
  /** An error event after a 200, `at` a share of the stream. */
  | {
      readonly kind: 'stream-error'
      readonly at: number
      readonly code: ModelFailureCode
      readonly place?: EventPlace
    }
  /** The first `steps` steps of the effect are applied, then no answer. */
  | {
      readonly kind: 'partial'
      readonly steps: number
      readonly symptom: Symptom
      readonly timeoutMs: number
    }
  /** The caller is told of a timeout after `timeoutMs`; the call is executed `ms` after it was made. */
  | { readonly kind: 'late'; readonly ms: number; readonly timeoutMs: number }
  /** A success is answered and nothing is executed. */
  | { readonly kind: 'pretend'; readonly result: Json }
  /** Executed, and the answer is changed; a failure is not. */
  | { readonly kind: 'rewrite'; readonly edit: Edit }
  /** Executed, and the text of the answer ends with an instruction to the model that asks for `token`. */
  | { readonly kind: 'poison'; readonly token: string }
  /** Another answer of the model's in place of its own. */
  | { readonly kind: 'answer'; readonly reply: Substitute }
  /** The first `at` (a share, 0 to 1) of the bytes reach the file, then the write fails with `code`. */
  | { readonly kind: 'tear'; readonly at: number; readonly code: FileErrorCode }
  /** Somebody else has removed the file just before it is used. */
  | { readonly kind: 'vanish' }
  /**
   * The agent's process ends and it is started again with durable state only. `before`: nothing was sent; `during`: the
   * work had begun; `after`: it was done and the agent did not come to act on it.
   */
  | { readonly kind: 'crash'; readonly phase: CrashPhase }

/** Answered with an error and not executed. `retryAfter` goes on the wire as it stands, hostile values too. */
export interface Reject<Code> {
  readonly kind: 'reject'
  readonly code: Code
  readonly retryAfter?: string
  /** The header `retry-after-ms`, in the same way. */
  readonly retryAfterMs?: string
  readonly message?: string
}

/** When the agent's process ends: `before` the call was sent, `during` the work, or `after` it was done. */
export type CrashPhase = 'before' | 'during' | 'after'

/** Endings whose effect is seen only when the answer is there: it may have nothing to take hold of. */
export type AnswerChange = Extract<Ending, { kind: 'rewrite' | 'poison' }>

/** What is done to one crossing. */
export type Action = Modifier | Ending

/** How one crossing is to go: its modifiers in the order of the plan, and how it ends (`undefined`: undisturbed). */
export interface Treatment<A extends Action = Action> {
  readonly modifiers: readonly Extract<A, Modifier>[]
  readonly ending: Extract<A, Ending> | undefined
}

const modifiers: ReadonlySet<Action['kind']> = new Set(['delay', 'repeat', 'pace', 'clock-jump', 'cancel', 'kill'])

export function isEnding(action: Action): action is Ending {
  return !modifiers.has(action.kind)
}

export function isAnswerChange(ending: Ending | undefined): ending is AnswerChange {
  return ending?.kind === 'rewrite' || ending?.kind === 'poison'
}
