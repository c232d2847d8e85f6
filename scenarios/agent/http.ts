/** One request to a JSON service: what an agent's tools need of HTTP, and the error that tells retries what happened. */
import { Failure } from './failure.js'

/** An answer that says no. `headers` may say when to come back. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly code: string
  readonly status: number
  readonly headers: Headers
  constructor(url: string, { status, headers }: Response) {
    super(`${url} answered ${status}`)
    this.code = `HTTP_${status}`
    this.status = status
    this.headers = headers
  }
}

export interface Post {
  readonly body: unknown
  /** Sent as `idempotency-key`: to the service, requests with the same one are the same request. */
  readonly key?: string | undefined
  /** Beside those that every request has. */
  readonly headers?: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** Resolves to an answer of success. Rejects with an `HttpError` for a status of 400 and above, or as `fetch` does. */
export async function post(url: string, { body, key, headers: own = {}, signal }: Post): Promise<Response> {
  const keyed = key === undefined ? {} : { 'idempotency-key': key }
  const headers = { 'content-type': 'application/json', ...keyed, ...own }
  const response = await globalThis.fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal })
  if (!response.ok) throw new HttpError(url, response)
  return response
}

/** Resolves to the answer's JSON. Rejects as `post` does, and with a `Failure` where the body tells of an error. */
export async function postJson(url: string, request: Post): Promise<unknown> {
  const response = await post(url, request)
  const answer: unknown = await response.json()
  // The status is often a proxy's word; what became of the request, the body says, if anything does.
  if (tellsOfError(answer)) {
    throw new Failure('ERROR_IN_BODY', `${url} answered ${response.status} with an error in the body`, 'indeterminate')
  }
  return answer
}

function tellsOfError(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'error' in answer && Boolean(answer.error)
}
