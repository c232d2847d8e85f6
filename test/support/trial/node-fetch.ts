/** A `fetch` built on `node:http` and `node:https`, as node-fetch and the shims of SDKs are: one request, its errors passed on. */
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'

export interface Sent {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
  readonly signal?: AbortSignal | undefined
}

/** Resolves when the headers are there. */
export function send(url: string, { method = 'GET', headers = {}, body, signal }: Sent = {}): Promise<IncomingMessage> {
  const { request } = url.startsWith('https:') ? https : http
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
    const sent = request(url, { method, headers: { ...headers, ...length }, ...(signal && { signal }) }, resolve)
    sent.on('error', reject).end(body)
  })
}

/** The whole body, or the error that cut it. */
export function bodyOf(response: IncomingMessage): Promise<string> {
  return text(response)
}

export const nodeFetch: typeof fetch = async (input, init = {}) => {
  const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url
  const headers = Object.fromEntries(new Headers(init.headers))
  const { method = 'GET', body, signal } = init
  const response = await send(url, {
    method,
    headers,
    ...(typeof body === 'string' && { body }),
    signal: signal ?? undefined,
  })
  const { statusCode = 0, headers: got } = response
  const known = Object.entries(got).map(([name, value]) => [name, String(value)] as [string, string])
  return new Response(Readable.toWeb(response) as ReadableStream<Uint8Array>, { status: statusCode, headers: known })
}
