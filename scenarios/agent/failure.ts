/**
 * What a failed call means for the one who made it. Kept apart because everything else asks it: retries, breakers, keys,
 * and the words in which a model is told.
 */

/**
 * `definite`: it did not happen and will not, unless something about it changes. `transient`: it did not happen and may
 * work later. `indeterminate`: it may have happened, so only what is safe to do twice may be done again.
 */
export type FailureKind = 'definite' | 'transient' | 'indeterminate'

/** A failure that the agent itself has established. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: string
  readonly kind: FailureKind
  constructor(code: string, message: string, kind: FailureKind) {
    super(message)
    this.code = code
    this.kind = kind
  }
}

interface Fields {
  readonly kind?: unknown
  readonly status?: unknown
  readonly code?: unknown
  readonly cause?: unknown
  readonly headers?: unknown
  readonly error?: unknown
  readonly isError?: unknown
  readonly is_error?: unknown
}

const neverSent = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED'])
/** Answers that say "not now"; whoever sends them has not begun the work (RFC 9110 and 6585; 529 is Anthropic's). */
const notNow = new Set([408, 429, 503, 529])
/** The original request with the same idempotency key is still in progress: what will come of it is open. */
const inProgress = 409
/** A file written to the side leaves the real one as it was; space may be made, permission will not come by itself. */
const notWritten = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE'])
const notAllowed = new Set(['EACCES', 'EPERM', 'EROFS'])

/** Whatever is not known to be harmless is indeterminate: a timeout, a reset, a 500, an exception without a code. */
export function kindOf(error: unknown): FailureKind {
  if (error instanceof Failure) return error.kind
  const { status } = fieldsOf(error)
  if (typeof status === 'number') return kindOfStatus(status)
  const code = codeOf(error)
  if (neverSent.has(code) || notWritten.has(code)) return 'transient'
  return notAllowed.has(code) ? 'definite' : 'indeterminate'
}

function kindOfStatus(status: number): FailureKind {
  if (notNow.has(status)) return 'transient'
  return status >= 400 && status < 500 && status !== inProgress ? 'definite' : 'indeterminate'
}

/**
 * The failure that an answer tells of where it should have been one: an error that was returned and not thrown, or a
 * record that says it is one, as the Model Context Protocol (`isError`) and JSON services (`error`) have it. What became
 * of the request such a record does not say. `undefined` for an answer that is one.
 */
export function failureIn(answer: unknown): Error | undefined {
  if (answer instanceof Error) return answer
  const { error, isError, is_error } = fieldsOf(answer)
  if (!error && isError !== true && is_error !== true) return undefined
  return new Failure('ERROR_IN_ANSWER', 'the answer is there and tells of an error', 'indeterminate')
}

/** The system's or the service's code; clients wrap what the socket said, so causes are searched too. */
export function codeOf(error: unknown): string {
  const { code, cause } = fieldsOf(error)
  if (typeof code === 'string') return code
  return cause === undefined ? 'UNKNOWN' : codeOf(cause)
}

/** No timer can wait longer; whoever asks for more is taken to have said nothing. */
const timerMsMax = 2 ** 31 - 1

/** What the `retry-after` of an error advises (seconds, or a date), in milliseconds; 0 for none, for nonsense, and for more than can be waited. */
export function adviceMs(error: unknown): number {
  const { headers } = fieldsOf(error)
  const advice = headers instanceof Headers ? headers.get('retry-after') : null
  if (advice === null || advice.trim() === '') return 0
  const seconds = Number(advice)
  const ms = Number.isNaN(seconds) ? Date.parse(advice) - Date.now() : seconds * 1_000
  return ms > 0 && ms <= timerMsMax ? ms : 0
}

function fieldsOf(error: unknown): Fields {
  return typeof error === 'object' && error !== null ? error : {}
}

/** A failure as a model is told of it: what it was, whether asking again makes sense, and what to do. */
export interface ToolError {
  readonly error_type: string
  readonly message: string
  readonly recoverable: boolean
  readonly suggestion: string
}

const suggestions: Record<FailureKind, string> = {
  definite: 'Do not repeat this call. Correct it, or tell the user that it cannot be done.',
  transient: 'It was not done. Try again later, or go on with something else.',
  indeterminate: 'It may have been done. The same call may be repeated: it is not done twice.',
}

export function explain(error: unknown): ToolError {
  const kind = kindOf(error)
  const message = error instanceof Error ? error.message : String(error)
  return { error_type: codeOf(error), message, recoverable: kind !== 'definite', suggestion: suggestions[kind] }
}
