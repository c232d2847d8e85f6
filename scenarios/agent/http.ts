/** One request to a JSON service: what an agent's tools need of HTTP, and the error that tells retries what happened. */

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

/**
 * Resolves to the answer's JSON, and rejects as `post` does. The status is often a proxy's word; what became of the
 * request the body says, if anything does, and whoever asked must read it.
 */
export async function postJson(url: string, request: Post): Promise<unknown> {
  return (await post(url, request)).json()
}
