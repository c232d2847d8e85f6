/**
 * Errors of OpenAI's APIs as a client sees them: status, type, code and message of every failure code. They come as a JSON
 * body, as an event in a stream, or as what stands in front of the API answers: Cloudflare's JSON, or a proxy's page.
 */
import type { ModelFailureCode } from '../../../faults/action.js'
import type { RefusalReason } from '../../contracts/failure.js'
import type { FailureDetails, WireAnswer } from '../../contracts/provider.js'
import { adviceHeaders } from '../../contracts/retry-after.js'
import { proxyPage } from '../proxy-page.js'
import { Refused } from '../refused.js'
import { headersOf } from './headers.js'

/** An error in the API's own terms. */
export interface ErrorTerms {
  readonly status: number
  readonly type: string
  readonly message: string
  readonly param: string | null
  readonly code: string | number | null
}

/** What is refused in the request itself, and why in words of no vendor's. */
export interface RefusalTerms extends ErrorTerms {
  readonly reason: RefusalReason
}

/** What is known of a refusal beside its message. */
export interface RefusalDetails {
  readonly status?: number
  readonly param?: string | null
  readonly code?: string | null
  readonly reason?: RefusalReason
}

/** A request that the API refuses, by default with 400 invalid_request_error. */
export function invalid(
  message: string,
  { status = 400, param = null, code = null, reason = 'malformed' }: RefusalDetails = {},
): Refused<RefusalTerms> {
  return new Refused({ status, type: 'invalid_request_error', message, param, code, reason })
}

/** What a code is on these wires; `page` is a proxy's own answer, which is no JSON. */
type Failure = ErrorTerms & { readonly page?: string }

/** No wait helps. The status is that of a limit on the rate all the same, so that the code alone tells them apart. */
const quotaSpent = {
  status: 429,
  type: 'insufficient_quota',
  message:
    'You exceeded your current quota, please check your plan and billing details. For more information on this error, ' +
    'read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.',
  param: null,
  code: 'insufficient_quota',
} as const

const badGateway = { status: 502, type: 'cf_bad_gateway', message: 'Bad gateway.', param: null, code: 502 } as const

/** Types and codes are those of the guide to error codes; the wire's older answers had fewer. */
const failures: Readonly<Record<ModelFailureCode, Failure>> = {
  timeout: { status: 524, type: 'cf_gateway_timeout', message: 'Gateway timeout.', param: null, code: 524 },
  'bad-request': {
    status: 400,
    type: 'invalid_request_error',
    message: "Invalid type for 'model': expected a string, but got an object instead.",
    param: 'model',
    code: 'invalid_type',
  },
  unauthorized: {
    status: 401,
    type: 'invalid_request_error',
    message:
      'Incorrect API key provided: sk-proj-***. You can find your API key at https://platform.openai.com/account/api-keys.',
    param: null,
    code: 'invalid_api_key',
  },
  'not-found': {
    status: 404,
    type: 'invalid_request_error',
    message: 'The model does not exist or you do not have access to it.',
    param: null,
    code: 'model_not_found',
  },
  conflict: {
    status: 409,
    type: 'invalid_request_error',
    message: 'The resource was updated by another request.',
    param: null,
    code: null,
  },
  'rate-limited': {
    status: 429,
    type: 'rate_limit_error',
    message:
      'Rate limit reached in organization agent-chaos on tokens per min (TPM). ' +
      'Visit https://platform.openai.com/account/rate-limits to learn more.',
    param: null,
    code: 'rate_limit_exceeded',
  },
  'server-error': {
    status: 500,
    type: 'server_error',
    message: 'The server had an error while processing your request. Sorry about that!',
    param: null,
    code: 'server_error',
  },
  overloaded: {
    status: 503,
    type: 'service_unavailable_error',
    message: 'Our servers are currently overloaded. Please try again later.',
    param: null,
    code: 'server_is_overloaded',
  },
  'slow-down': {
    status: 429,
    type: 'rate_limit_error',
    message: 'Slow down',
    param: null,
    code: 'slow_down',
  },
  'too-long': {
    status: 400,
    type: 'invalid_request_error',
    message:
      "This model's maximum context length is 128000 tokens. However, your messages resulted in 150000 tokens. " +
      'Please reduce the length of the messages.',
    param: 'messages',
    code: 'context_length_exceeded',
  },
  'too-large': {
    status: 413,
    type: 'invalid_request_error',
    message: 'Request Entity Too Large',
    param: null,
    code: null,
    page: 'Request Entity Too Large',
  },
  'spend-limit': quotaSpent,
  'no-credit': quotaSpent,
  unavailable: {
    status: 503,
    type: 'service_unavailable_error',
    message: 'Service Unavailable',
    param: null,
    code: null,
    page: 'Service Temporarily Unavailable',
  },
  // Lost connections have no wire form of their own; this is what Cloudflare answers that lost its connection to the API.
  reset: badGateway,
  refused: badGateway,
  unresolved: badGateway,
}

export function statusOf(code: ModelFailureCode): number {
  return failures[code].status
}

/** The error in a stream, or in a response that failed. */
export function errorOf(code: ModelFailureCode): ErrorTerms {
  return failures[code]
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
export function errorAnswer(error: ErrorTerms, requestId: string): WireAnswer {
  const spent = error.code === 'rate_limit_exceeded' ? 'spent' : 0
  return {
    status: error.status,
    headers: headersOf(requestId, 'application/json', spent),
    chunks: [JSON.stringify({ error: bodyOf(error) }, undefined, 2)],
  }
}

/** Without the status, which is the answer's. */
export function bodyOf({ message, type, param, code }: ErrorTerms): object {
  return { message, type, param, code }
}
