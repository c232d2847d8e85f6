/**
 * Errors of the Messages API as a client sees them: status, type and message of every failure code. They come as a JSON
 * body, as an event in a stream, or as the page of a proxy in front of the API.
 */
import type { ModelFailureCode } from '../../../faults/action.js'
import type { RefusalReason } from '../../contracts/failure.js'
import type { FailureDetails, WireAnswer } from '../../contracts/provider.js'
import { adviceHeaders } from '../../contracts/retry-after.js'
import { proxyPage } from '../proxy-page.js'
import { Refused } from '../refused.js'

/** An error in the API's own terms. */
export interface ApiError {
  readonly status: number
  readonly type: string
  readonly message: string
  /** Names the cause where the SDK asks for one, as it does for message threads. */
  readonly errorCode?: string
  /** What a thread does not go together with. */
  readonly unsupported?: readonly string[]
}

/** What is refused in the request itself, and why in words of no vendor's. */
export interface RequestError extends ApiError {
  readonly reason: RefusalReason
}

/** The most common refusal: 400 invalid_request_error. */
export function invalid(
  message: string,
  reason: RefusalReason = 'malformed',
  errorCode?: string,
): Refused<RequestError> {
  const error = { status: 400, type: 'invalid_request_error', message, reason }
  return new Refused(errorCode === undefined ? error : { ...error, errorCode })
}

/** What a code is on this wire; `page` is a proxy's own answer, which is no JSON. */
type Failure = ApiError & { readonly page?: string }

const rateLimit: Failure = {
  status: 429,
  type: 'rate_limit_error',
  message: 'This request would exceed the rate limit for your organization. Please try again later.',
}

const failures: Readonly<Record<ModelFailureCode, Failure>> = {
  timeout: { status: 504, type: 'timeout_error', message: 'Request timed out.' },
  'bad-request': { status: 400, type: 'invalid_request_error', message: 'messages: Input should be a valid list' },
  unauthorized: { status: 401, type: 'authentication_error', message: 'invalid x-api-key' },
  'not-found': { status: 404, type: 'not_found_error', message: 'Not found' },
  conflict: { status: 409, type: 'conflict_error', message: 'Conflict' },
  'rate-limited': rateLimit,
  'server-error': { status: 500, type: 'api_error', message: 'Internal server error' },
  overloaded: { status: 529, type: 'overloaded_error', message: 'Overloaded' },
  'slow-down': rateLimit,
  'too-long': {
    status: 400,
    type: 'invalid_request_error',
    message: 'prompt is too long: 208310 tokens > 200000 maximum',
  },
  'too-large': { status: 413, type: 'request_too_large', message: 'Request exceeds the maximum size' },
  'spend-limit': {
    status: 400,
    type: 'invalid_request_error',
    message: 'You have reached your specified API usage limits. You will regain access on 2030-01-01 at 00:00 UTC.',
  },
  'no-credit': {
    status: 402,
    type: 'billing_error',
    message:
      'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
  },
  unavailable: {
    status: 503,
    type: 'api_error',
    message: 'Service Unavailable',
    page: 'Service Temporarily Unavailable',
  },
  // Lost connections have no wire form of their own; this is a proxy's that lost its connection to the API.
  reset: { status: 502, type: 'api_error', message: 'Bad Gateway', page: 'Bad Gateway' },
  refused: { status: 502, type: 'api_error', message: 'Bad Gateway', page: 'Bad Gateway' },
  unresolved: { status: 502, type: 'api_error', message: 'Bad Gateway', page: 'Bad Gateway' },
}

export function statusOf(code: ModelFailureCode): number {
  return failures[code].status
}

/** The answer to a request that fails with `code`. */
export function failureAnswer(code: ModelFailureCode, requestId: string, details: FailureDetails = {}): WireAnswer {
  const { message } = details
  const { page, ...error } = failures[code]
  const answer =
    page === undefined
      ? errorAnswer(message === undefined ? error : { ...error, message }, requestId)
      : proxyPage(error.status, message ?? page)
  return { ...answer, headers: { ...answer.headers, ...adviceHeaders(details) } }
}

/** A JSON error body under its status. */
export function errorAnswer(error: ApiError, requestId: string): WireAnswer {
  return {
    status: error.status,
    headers: { 'content-type': 'application/json', 'request-id': requestId },
    chunks: [JSON.stringify(errorBody(error, requestId))],
  }
}

/** The event that ends a stream which began with a 200. */
export function errorEvent(code: ModelFailureCode, requestId: string): string {
  return `event: error\ndata: ${JSON.stringify(errorBody(failures[code], requestId))}\n\n`
}

function errorBody({ type, message, errorCode, unsupported }: ApiError, requestId: string): object {
  const details =
    errorCode === undefined ? {} : { details: { error_code: errorCode, ...(unsupported && { unsupported }) } }
  return { type: 'error', error: { type, message, ...details }, request_id: requestId }
}
