/**
 * How crossings ended, as their caller could tell. Apart, because breakers, budgets and results must agree on what a
 * failure is.
 */
import type { FaultClass } from '../../../faults/fault.js'
import { say, UserError } from '../../contracts/errors.js'
import { reportsError } from '../../contracts/tool-error.js'
import type { Crossing, Outcome } from '../../contracts/trace.js'

/** A failed call, as options are asked about it. */
export interface CallFailure {
  readonly class: FaultClass | 'unknown'
  readonly status?: number | undefined
  readonly code?: string | undefined
  /** It came as a value that tells of an error, and nothing was thrown. */
  readonly returned: boolean
}

/** Says which failures count. */
export type CountsFailure = (failure: CallFailure) => boolean

/**
 * The failure that the crossing ended with. It is `undefined` for a success, for what has not ended, and for an answer
 * that was false. Whether the caller saw through it cannot be told.
 */
export function failureOf(crossing: Crossing): CallFailure | undefined {
  if (crossing.result === undefined) return undefined
  const { outcome } = crossing.result
  if (outcome.kind === 'failed') {
    return { class: outcome.class, status: outcome.error.status, code: outcome.error.code, returned: false }
  }
  return reportsError(outcome.output) && !isFalse(crossing) ? { class: 'unknown', returned: true } : undefined
}

/** Whether the answer looked like success and was none. One with an instruction in it is no less true for that. */
export function isFalse({ faults }: Crossing): boolean {
  return faults.some((fault) => fault.class === 'deceptive' && fault.token === undefined)
}

/**
 * Whether a failure says that the dependency is in trouble, and not that the request was wrong. Failures for good do not,
 * nor do errors returned as values, which may be findings. Of the statuses from 400 to 499, only 408, 425 and 429 do.
 */
export const dependencyFailures: CountsFailure = ({ class: class_, status, returned }) => {
  if (returned || class_ === 'definite') return false
  if (class_ === 'transient' || class_ === 'indeterminate' || status === undefined) return true
  return status >= 500 || status === 408 || status === 425 || status === 429
}

/** Whether it counts, by the user's own function or as usual. A promise would always count. */
export function isCounted(failure: CallFailure, counts: CountsFailure = dependencyFailures): boolean {
  const answer: unknown = counts(failure)
  if (typeof answer === 'boolean') return answer
  throw new UserError(`counts: expected true or false, at once, got ${say(answer)}`)
}

/** Those that have ended, in the order in which they did. */
export function inOrderOfCompletion(crossings: readonly Crossing[]): Crossing[] {
  return crossings.filter(({ result }) => result).sort((a, b) => a.resultIndex - b.resultIndex)
}

/** What a caller was given, as text; `undefined` for nothing. */
export function outputText({ output }: Extract<Outcome, { kind: 'ok' }>): string {
  return JSON.stringify(output) ?? 'undefined'
}

/** Whether a text tells of a failure in words, without being marked as one. */
export function tellsOfFailure(text: string): boolean {
  return failureWords.test(text)
}

const failureWords =
  /\b(?:error|exception|fail(?:s|ed|ure)?|unavailable|timed?[ -]?out|refused|rejected|denied|could ?n[o']t|cannot|can't|unable|not (?:possible|available|found|done))\b/i
