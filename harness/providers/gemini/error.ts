/**
 * Errors of the Gemini API as a client sees them: `{ error: { code, message, status, details } }` under the HTTP status, as
 * an event in a stream, or as the page of Google's front end. The texts are those that the API sends.
 */
import type { ModelFailureCode } from '../../../faults/action.js'
import type { Json } from '../../../faults/json.js'
import type { RefusalReason } from '../../contracts/failure.js'
import type { FailureDetails, WireAnswer } from '../../contracts/provider.js'
import { adviceHeaders } from '../../contracts/retry-after.js'
import { Refused } from '../refused.js'

/** An error in the API's own terms. */
export interface GeminiError {
  readonly status: number
  /** What Google calls its status: `INVALID_ARGUMENT`. */
  readonly canonical: string
  readonly message: string
  readonly details?: readonly Json[]
}

/** What is refused in the request itself, and why in words of no vendor's. */
export interface GeminiRefusal extends GeminiError {
  readonly reason: RefusalReason
}

/** How an answer goes over the wire: one body, server-sent events (`alt=sse`), or the items of one JSON list. */
export type Form = 'json' | 'sse' | 'list'

/** The most common refusal: 400 INVALID_ARGUMENT. */
export function invalid(
  message: string,
  reason: RefusalReason = 'malformed',
  details?: readonly Json[],
): Refused<GeminiRefusal> {
  return new Refused({ status: 400, canonical: 'INVALID_ARGUMENT', message, reason, ...(details && { details }) })
}

/** A field that does not hold what it must, by its place in the request: `contents[1].parts: ...`. */
export function invalidField(at: string, message: string, reason?: RefusalReason): Refused<GeminiRefusal> {
  return invalid(`* GenerateContentRequest.${at}: ${message}\n`, reason)
}

/** Something that is no message of the API's: where, and what of it. */
export interface Violation {
  readonly field: string
  readonly description: string
}

export function malformedRequest(violations: readonly Violation[], reason?: RefusalReason): Refused<GeminiRefusal> {
  const fieldViolations = violations.map(({ field, description }) =>
    field === '' ? { description } : { field, description },
  )
  const details = [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations }]
  return invalid(violations.map(({ description }) => description).join('\n'), reason, details)
}

/** No key at all. */
export function missingKey(): Refused<GeminiRefusal> {
  const message =
    "Method doesn't allow unregistered callers (callers without established identity). " +
    'Please use API Key or other form of API consumer identity to call this API.'
  return new Refused({ status: 403, canonical: 'PERMISSION_DENIED', message, reason: 'unauthenticated' })
}

const service = 'generativelanguage.googleapis.com'
const badKey = 'API key not valid. Please pass a valid API key.'

/** What a code is on this wire; `page` is the answer of Google's front end, which is no JSON. */
type Failure = GeminiError & { readonly page?: string }

const gateway: Failure = {
  status: 502,
  canonical: 'UNAVAILABLE',
  message: 'Bad Gateway',
  page: 'The server encountered a temporary error and could not complete your request.<p>Please try again in 30 seconds.',
}

const failures: Readonly<Record<ModelFailureCode, Failure>> = {
  timeout: {
    status: 504,
    canonical: 'DEADLINE_EXCEEDED',
    message: 'Deadline expired before operation could complete.',
  },
  'bad-request': { status: 400, canonical: 'INVALID_ARGUMENT', message: 'Request contains an invalid argument.' },
  // Not a 401: the API calls a key that it does not know an invalid argument.
  unauthorized: {
    status: 400,
    canonical: 'INVALID_ARGUMENT',
    message: badKey,
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'API_KEY_INVALID',
        domain: 'googleapis.com',
        metadata: { service },
      },
      { '@type': 'type.googleapis.com/google.rpc.LocalizedMessage', locale: 'en-US', message: badKey },
    ],
  },
  'not-found': { status: 404, canonical: 'NOT_FOUND', message: 'Requested entity was not found.' },
  conflict: { status: 409, canonical: 'ABORTED', message: 'The operation was aborted.' },
  'rate-limited': {
    status: 429,
    canonical: 'RESOURCE_EXHAUSTED',
    message: 'Resource has been exhausted (e.g. check quota).',
  },
  'server-error': {
    status: 500,
    canonical: 'INTERNAL',
    message:
      'An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting',
  },
  overloaded: { status: 503, canonical: 'UNAVAILABLE', message: 'The model is overloaded. Please try again later.' },
  'slow-down': {
    status: 429,
    canonical: 'RESOURCE_EXHAUSTED',
    message: 'Resource has been exhausted (e.g. check quota).',
  },
  'too-long': {
    status: 400,
    canonical: 'INVALID_ARGUMENT',
    message: 'The input token count (1196265) exceeds the maximum number of tokens allowed (1048576).',
  },
  'too-large': {
    status: 400,
    canonical: 'INVALID_ARGUMENT',
    message: 'Request payload size exceeds the limit: 20971520 bytes.',
  },
  'spend-limit': {
    status: 429,
    canonical: 'RESOURCE_EXHAUSTED',
    message: 'You exceeded your current quota, please check your plan and billing details.',
  },
  'no-credit': {
    status: 429,
    canonical: 'RESOURCE_EXHAUSTED',
    message: 'Your prepayment credits are depleted. Please go to AI Studio to manage your project and billing.',
  },
  unavailable: { status: 503, canonical: 'UNAVAILABLE', message: 'The service is currently unavailable.' },
  // Lost connections have no wire form of their own; this is the front end's that lost its connection to the API.
  reset: gateway,
  refused: gateway,
  unresolved: gateway,
}

export function statusOf(code: ModelFailureCode): number {
  return failures[code].status
}

/** What a failure is told in: the form of the answer that was asked for, and the model that was asked. */
export interface Asked {
  readonly form: Form
  readonly model?: string
}

/** The answer to a request that fails with `code`. */
export function failureAnswer(
  code: ModelFailureCode,
  { form, model = 'unknown' }: Asked,
  details: FailureDetails = {},
): WireAnswer {
  const { retryAfter, retryAfterMs, message, waitMs } = details
  const { page, ...error } = failures[code]
  const reported =
    page === undefined ? withAdvice(code, error, secondsOf(retryAfter, retryAfterMs, waitMs), model) : error
  const answer =
    page === undefined
      ? errorAnswer(message === undefined ? reported : { ...reported, message }, form)
      : frontEndPage(error.status, message ?? page)
  return { ...answer, headers: { ...answer.headers, ...adviceHeaders(details) } }
}

/**
 * How long to wait, where the advice is a number; the longest, where it is two. This API says so in the body, and its own
 * client shows no headers.
 */
function secondsOf(
  retryAfter: string | undefined,
  retryAfterMs: string | undefined,
  waitMs = 1000 * Number(retryAfter),
): number | undefined {
  const said = [waitMs / 1000, Number(retryAfterMs) / 1000].filter((seconds) => seconds > 0)
  return said.length === 0 ? undefined : Math.max(...said)
}

/** With how long to wait; of a limit, with the quota that is used up as well. */
function withAdvice(
  code: ModelFailureCode,
  error: GeminiError,
  seconds: number | undefined,
  model: string,
): GeminiError {
  if (seconds === undefined) return error
  const wait = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${seconds}s` }
  if (code !== 'rate-limited') return { ...error, details: [...(error.details ?? []), wait] }
  const quotaMetric = `${service}/generate_content_paid_tier_input_token_count`
  const quotaValue = '4000000'
  return {
    ...error,
    message:
      'You exceeded your current quota, please check your plan and billing details. For more information on this error, ' +
      'head to: https://ai.google.dev/gemini-api/docs/rate-limits. To monitor your current usage, head to: ' +
      `https://ai.dev/rate-limit. \n* Quota exceeded for metric: ${quotaMetric}, limit: ${quotaValue}, model: ${model}\n` +
      `Please retry in ${seconds}s.`,
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.Help',
        links: [
          {
            description: 'Learn more about Gemini API quotas',
            url: 'https://ai.google.dev/gemini-api/docs/rate-limits',
          },
        ],
      },
      {
        '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
        violations: [
          {
            quotaMetric,
            quotaId: 'GenerateContentPaidTierInputTokensPerModelPerMinute',
            quotaDimensions: { location: 'global', model },
            quotaValue,
          },
        ],
      },
      wait,
    ],
  }
}

/** A JSON error under its status. Under `alt=sse` the API calls it an event stream, and a list holds it as its item. */
export function errorAnswer(error: GeminiError, form: Form): WireAnswer {
  const body = JSON.stringify(errorBody(error), undefined, 2)
  return {
    status: error.status,
    headers: { 'content-type': form === 'sse' ? 'text/event-stream' : 'application/json; charset=UTF-8' },
    chunks: [form === 'list' ? `[${body}\n]` : `${body}\n`],
  }
}

/** The error that ends a stream which began with a 200. `isFirst`: nothing had been sent. */
export function errorEvent(code: ModelFailureCode, form: Form, isFirst: boolean): string {
  const body = JSON.stringify(errorBody(failures[code]))
  return form === 'list' ? `${isFirst ? '[' : ',\r\n'}${body}\r\n]` : `data: ${body}\r\n\r\n`
}

function errorBody({ status, message, canonical, details }: GeminiError): object {
  return { error: { code: status, message, status: canonical, ...(details && { details }) } }
}

/** As Google's front end answers. */
function frontEndPage(status: number, text: string): WireAnswer {
  const page =
    `<!DOCTYPE html>\n<html lang=en>\n<meta charset=utf-8>\n<title>Error ${status} (Server Error)!!1</title>\n` +
    `<p><b>${status}.</b> <ins>That's an error.</ins>\n<p>${text} <ins>That's all we know.</ins>\n`
  return { status, headers: { 'content-type': 'text/html; charset=UTF-8' }, chunks: [page] }
}
