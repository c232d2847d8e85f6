/** Reads what came over the wire into what a service's handler sees, and into what its crossing is addressed by. */
import type { Json } from '../../../faults/json.js'
import { type Body, bytesOf } from '../../contracts/body.js'
import { parseShallow } from '../../contracts/json-text.js'
import { lazyProperty } from '../../contracts/lazy-property.js'
import { type HttpRequest, recordedHeaders } from '../../contracts/request.js'
import type { ServiceRequest } from '../../contracts/service.js'
import type { SentRequest } from '../../contracts/transport.js'
import type { KeyedRequest } from './idempotency-keys.js'

/** A request that has arrived at a service. */
export interface Received extends KeyedRequest {
  readonly request: ServiceRequest
  /** `METHOD host/path`: the port where it is not the default, no query, no slash at the end. */
  readonly target: string
  /** What is asked: free of what changes from one sending to the next, such as most of the client's own headers. */
  readonly asked: HttpRequest
  /** By which requests are equal, as text. */
  readonly likeness: string
  /** Not GET, HEAD, OPTIONS or TRACE, which RFC 9110 calls safe: it may change something. */
  readonly unsafe: boolean
}

const safe: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

export function receive(wire: SentRequest): Received {
  const url = new URL(wire.url)
  const path = url.pathname === '/' ? '' : url.pathname.replace(/\/$/, '')
  const key = wire.header('idempotency-key') ?? undefined
  const { method, body, encoding } = wire
  const type = wire.header('content-type') ?? ''
  const content: Body = { text: body, ...(encoding && { encoding }) }
  const data = encoding ? undefined : dataIn(body, type)
  const same = withoutBoundary(body, type)
  const headers = recordedHeadersOf(wire)
  const asked: HttpRequest = {
    kind: 'http',
    method,
    url: url.href,
    headers,
    ...(body !== '' && { body: data === undefined || data === body ? same : (data as Json) }),
    ...(encoding && { encoding }),
  }
  const { 'content-type': _type, ...conditions } = headers
  return {
    request: requestOf(wire, url, content, data),
    method,
    path,
    payload: `${path}${url.search} ${same}`,
    key,
    target: `${method} ${url.host}${path}`,
    asked,
    likeness: JSON.stringify([method, `${path || '/'}${url.search}`, conditions, asked.body]),
    unsafe: !safe.has(method),
  }
}

function requestOf(wire: SentRequest, url: URL, content: Body, data: unknown): ServiceRequest {
  const parts = { method: wire.method, url, headers: wire.headers(), body: content.text }
  if (!content.encoding) return withBytes({ ...parts, data })
  const bytes = bytesIn(content)
  return { ...parts, bytes, data: bytes }
}

const withBytes = lazyProperty('bytes', ({ body }: Omit<ServiceRequest, 'bytes'>) => bytesIn({ text: body }))

function bytesIn(content: Body): Uint8Array {
  return new Uint8Array(bytesOf(content))
}

/** The same for the same parts: what separates them is drawn anew for each sending. */
function withoutBoundary(body: string, type: string): string {
  const boundary = /^multipart\/.*;\s*boundary="?([^";]+)/i.exec(type)?.[1]
  return boundary === undefined ? body : body.replaceAll(boundary, 'boundary')
}

function recordedHeadersOf(wire: SentRequest): Record<string, string> {
  return Object.fromEntries(
    recordedHeaders.flatMap((name) => {
      const value = wire.header(name)
      return value === null ? [] : [[name, value] as const]
    }),
  )
}

/** The body by its content type: JSON, a form, otherwise the text; what does not parse, or nests too deep, stays text. */
export function dataIn(body: string, contentType: string): unknown {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === 'application/x-www-form-urlencoded') return formOf(body)
  if (type !== 'application/json' && !type.endsWith('+json')) return body
  try {
    return parseShallow(body)
  } catch {
    return body
  }
}

/** A field that comes more than once is a list of its values. */
function formOf(body: string): Record<string, string | string[]> {
  const fields = new URLSearchParams(body)
  return Object.fromEntries(
    [...new Set(fields.keys())].map((name) => {
      const values = fields.getAll(name)
      return [name, values.length === 1 ? (values[0] ?? '') : values]
    }),
  )
}
