/**
 * What a service sends back, in its own words. It is the answer of a handler made complete, or an error. Errors are
 * those that a service of its kind, or a proxy in front of it, would send.
 */
import type { FailureCode } from '../../../faults/action.js'
import { type Body, bodyFrom, bytesOf, decode, isCoded } from '../../contracts/body.js'
import type { WireAnswer } from '../../contracts/provider.js'
import type { ServiceAnswer } from '../../contracts/service.js'
import { textOf } from '../calls/failures.js'
import type { ErrorDialect } from '../effect/idempotency.js'

/** An answer as bytes would have it: names of headers in lower case, length and type of the body among them. */
export interface PlainAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Each character of the body is a byte. */
  readonly encoding?: Body['encoding']
}

/** Statuses that come without a body, by RFC 9110. */
const bodiless = new Set([204, 205, 304])

/** Throws a `TypeError` for what cannot be sent. */
export function plainAnswer({ status = 200, headers = {}, json, body }: ServiceAnswer): PlainAnswer {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new TypeError(`a service answered with the status ${status}: expected a whole number from 200 to 599`)
  }
  if (json !== undefined && body !== undefined) {
    throw new TypeError('a service answered with both json and body: expected one of them')
  }
  if (json !== undefined) return complete(status, headers, 'application/json', { text: JSON.stringify(json) })
  if (body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array)) {
    throw new TypeError(`a service answered with body: ${textOf(body)}, expected text or bytes; write json: for data`)
  }
  if (body instanceof Uint8Array) return complete(status, headers, 'application/octet-stream', bodyFrom(body))
  return complete(status, headers, body === undefined ? undefined : 'text/plain; charset=utf-8', { text: body ?? '' })
}

/** The answer of a provider, whole. */
export function plainAnswerOf({ status, headers, chunks }: WireAnswer): PlainAnswer {
  return complete(status, headers, undefined, { text: chunks.join('') })
}

/** What an answer says, without the codings in which it is sent. */
export function contentOf({ headers, body, encoding }: PlainAnswer): Body {
  const coding = headers['content-encoding']
  const sent = { text: body, ...(encoding && { encoding }) }
  return isCoded(coding) ? bodyFrom(decode(bytesOf(sent), coding)) : sent
}

/** The same answer with another body, which is sent without codings. */
export function withBody({ status, headers }: PlainAnswer, body: Body): PlainAnswer {
  const { 'content-encoding': _, ...others } = headers
  return complete(status, others, undefined, body)
}

/** An error, as the dialect words it. `kind` is Stripe's type, where it is not the one that goes with the status. */
export function errorAnswer(
  dialect: ErrorDialect,
  status: number,
  message: string,
  { headers = {}, kind, code }: { headers?: PlainAnswer['headers']; kind?: string; code?: string } = {},
): PlainAnswer {
  if (dialect === 'problem') {
    const problem = { type: 'about:blank', title: titleOf(status), status, detail: message }
    return complete(status, headers, 'application/problem+json', { text: JSON.stringify(problem) })
  }
  const error = { type: kind ?? stripeType(status), ...(code && { code }), message }
  return complete(status, headers, 'application/json', { text: JSON.stringify({ error }) })
}

/** The status that stands for a failure on the wire of HTTP; `undefined` for those of the connection itself. */
export function statusOf(code: FailureCode): number | undefined {
  return statuses[code]
}

const statuses: Readonly<Record<FailureCode, keyof typeof titles | undefined>> = {
  timeout: 504,
  'bad-request': 400,
  unauthorized: 401,
  'not-found': 404,
  conflict: 409,
  'rate-limited': 429,
  'server-error': 500,
  unavailable: 503,
  refused: undefined,
  reset: undefined,
  unresolved: undefined,
}

/** RFC 9110's phrases; not the runtime's table, so that a trace is the same everywhere. */
const titles = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  409: 'Conflict',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
} as const satisfies Readonly<Record<number, string>>

/** Of a status that a service of the user's own gave, perhaps. */
function titleOf(status: number): string {
  return (titles as Readonly<Record<number, string>>)[status] ?? 'Error'
}

function stripeType(status: number): string {
  return status >= 500 ? 'api_error' : 'invalid_request_error'
}

function complete(
  status: number,
  given: Readonly<Record<string, string>>,
  type: string | undefined,
  content: Body,
): PlainAnswer {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) headers[name.toLowerCase()] = String(value)
  if (bodiless.has(status)) return { status, headers, body: '' }
  if (type !== undefined) headers['content-type'] ??= type
  headers['content-length'] = String(Buffer.byteLength(content.text, content.encoding))
  return { status, headers, body: content.text, ...(content.encoding && { encoding: content.encoding }) }
}
