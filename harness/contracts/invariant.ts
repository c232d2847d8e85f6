/** The contract of an invariant: a pure check over a trace and the world's final state, and what it promises in words. */

import type { FaultClass } from '../../faults/fault.js'
import type { BreakerNeed } from './breaker.js'
import { isThenable, isUserError, say, UserError } from './errors.js'
import { readOr } from './hostile-value.js'
import type { Trace } from './trace.js'
import type { Judgement, Verdict } from './verdict.js'
import { inconclusive } from './verdict.js'

/** A rule that an agent must keep, and the pure function that judges one trial by it. Make one by `invariant()`. */
export interface Invariant {
  /** kebab-case, unique in a scenario. */
  readonly name: string
  /** `safety`: nothing bad ever happens. `liveness`: something good happens once the world has healed. */
  readonly kind: 'safety' | 'liveness'
  /** What is promised, in a sentence. */
  readonly promise: string
  /** When it is put to the test; otherwise it is vacuous. */
  readonly antecedent: string
  /**
   * What looks like a breach and is none, each with its reason: what the agent could not have known, or what may be right. By
   * a short name in kebab-case.
   */
  readonly exemptions?: Readonly<Record<string, string>>
  /** A violation, told as a story. */
  readonly example: string
  /** What to change in an agent that breaks it, in one sentence. A verdict may know better. */
  readonly remedy?: string
  /** A breach costs money or data. It is told before all others. */
  readonly harm?: true
  /** It tells what came of a mistake, so it stands below a mistake that the same trial shows. */
  readonly outcome?: true
  /** It is violated where the agent claims success and the goal is missed, and by nothing else. */
  readonly restatesGoal?: true
  /** Why it can never be put to the test as it was made: no limit was given, say. */
  readonly idle?: string
  /** It is put to the test by faults of this class alone. */
  readonly underClass?: FaultClass
  /** `FILE:LINE` of the call that made it, for one of the user's own. */
  readonly declaredAt?: string | undefined
  /** By kind of effect, the kind that undoes it for the same intent: that may happen wherever the other may. */
  readonly undoneBy?: Readonly<Record<string, string>>
  /** What the circuit breakers that it judges have to see before they can open. */
  readonly breakers?: readonly BreakerNeed[]
  /** How many failures or turns in a row it counts to. The search fails as many, and one more. */
  readonly counts?: readonly number[]
  /**
   * What a trial is to gather for it beside the crossings; nothing by default. `spans`: those that the agent makes
   * through the global API of OpenTelemetry, which costs the trial some of its speed.
   */
  readonly needs?: readonly 'spans'[]
  /** Pure: it changes neither the trace nor the state, and the same values give the same verdict. */
  check(trace: Trace, state: unknown): Verdict
}

/**
 * What each invariant says of a finished trial, in the order given. `state` is the world's final state, and is not changed.
 * A check that throws is inconclusive, never a pass. One that answers with what is no verdict is the user's to fix, and is
 * reported by a `UserError`.
 */
export function judge(invariants: readonly Invariant[], trace: Trace, state: unknown): Judgement[] {
  return invariants.map((invariant) => ({ invariant: invariant.name, verdict: runCheck(invariant, trace, state) }))
}

function runCheck(invariant: Invariant, trace: Trace, state: unknown): Verdict {
  const answer = answerOf(invariant, trace, state)
  const verdict = isThenable(answer) ? undefined : readOr(() => plainOf(answer), unreadable)
  const isNone = verdict === undefined || verdict === unreadable
  const fault = isNone ? `${expected}, got ${verdict ?? say(answer)}` : faultIn(verdict, trace.events.length)
  if (fault === undefined) return withRemedy(verdict as Verdict, invariant)
  throw new UserError(`invariant "${invariant.name}": ${fault}`, invariant.declaredAt)
}

const unreadable = 'an object that throws when it is read'
const parts = ['kind', 'because', 'near', 'signature', 'story', 'remedy', 'evidence'] as const

/** What counts of an answer, each part read once: what is looked at is then what is kept. */
function plainOf(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null) return answer
  const plain: Record<string, unknown> = {}
  for (const name of parts) {
    const part = (answer as Readonly<Record<string, unknown>>)[name]
    if (part !== undefined) plain[name] = Array.isArray(part) ? [...part] : part
  }
  return plain
}

/** A verdict that says none of its own has that of its invariant. */
function withRemedy(verdict: Verdict, { remedy }: Invariant): Verdict {
  if (verdict.kind !== 'violated' || verdict.remedy !== undefined || remedy === undefined) return verdict
  return { ...verdict, remedy }
}

function answerOf(invariant: Invariant, trace: Trace, state: unknown): unknown {
  try {
    return invariant.check(trace, state)
  } catch (error) {
    if (isUserError(error)) throw withName(error, invariant)
    return inconclusive(`the check threw: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** What is thrown where an option is looked at does not say whose it is. */
function withName({ message, where }: UserError, { name, declaredAt }: Invariant): UserError {
  const whose = `invariant "${name}": `
  return new UserError(message.startsWith(whose) ? message : `${whose}${message}`, where ?? declaredAt)
}

const expected =
  'its check: expected a verdict, as held, violated(), vacuous() and inconclusive() are ' +
  '(a check of true, false or a sentence is for invariant(name, check))'

/** What of a value is no verdict on a trace of so many events. */
function faultIn(value: unknown, events: number): string | undefined {
  if (typeof value !== 'object' || value === null) return `${expected}, got ${say(value)}`
  const { kind, because, near, signature, story, evidence, remedy } = value as Readonly<Record<string, unknown>>
  const part = (name: string, what: string, got: unknown) =>
    `its verdict, "${kind}": ${name}: expected ${what}, got ${say(got)}`
  switch (kind) {
    case 'held':
      return undefined
    case 'vacuous':
    case 'inconclusive':
      if (near !== undefined && !Number.isFinite(near)) return part('near', 'a number from 0 to 1', near)
      return typeof because === 'string' ? undefined : part('because', 'a string', because)
    case 'violated': {
      if (typeof signature !== 'string') return part('signature', 'a string', signature)
      if (typeof story !== 'string') return part('story', 'a string', story)
      if (remedy !== undefined && typeof remedy !== 'string') return part('remedy', 'a string', remedy)
      const isIndex = (index: unknown) =>
        Number.isInteger(index) && (index as number) >= 0 && (index as number) < events
      const list = Array.isArray(evidence) && evidence.length > 0 && evidence.every(isIndex)
      return list ? undefined : part('evidence', `indices of events, each from 0 to ${events - 1}`, evidence)
    }
    default:
      return `${expected}, got ${say(value)}`
  }
}
