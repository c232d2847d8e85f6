/** Reads what came over the wire into what a service's handler sees, and into what its crossing is addressed by. */
import type { Json } from '../../../faults/json.js'
import type { WireRequest } from '../../contracts/provider.js'
import { type HttpRequest, recordedHeaders } from '../../contracts/request.js'
import type { ServiceRequest } from '../../contracts/service.js'
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

export function receive(wire: WireRequest): Received {
  const url = new URL(wire.url)
  const path = url.pathname === '/' ? '' : url.pathname.replace(/\/$/, '')
  const key = wire.header('idempotency-key') ?? undefined
  const data = parse(wire.body, wire.header('content-type') ?? '')
  const { method, body } = wire
  const headers = recordedHeadersOf(wire)
  const asked: HttpRequest = {
    kind: 'http',
    method,
    url: url.href,
    headers,
    ...(body !== '' && { body: data as Json }),
  }
  const { 'content-type': _type, ...conditions } = headers
  return {
    request: { method, url, headers: wire.headers(), body, data },
    method,
    path,
    payload: `${path}${url.search} ${body}`,
    key,
    target: `${method} ${url.host}${path}`,
    asked,
    likeness: JSON.stringify([method, `${path || '/'}${url.search}`, conditions, asked.body]),
    unsafe: !safe.has(method),
  }
}

function recordedHeadersOf(wire: WireRequest): Record<string, string> {
  return Object.fromEntries(
    recordedHeaders.flatMap((name) => {
      const value = wire.header(name)
      return value === null ? [] : [[name, value] as const]
    }),
  )
}

/** The body by its content type: JSON, a form, otherwise the text; what does not parse stays text. */
function parse(body: string, contentType: string): unknown {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === 'application/x-www-form-urlencoded') return formOf(body)
  if (type !== 'application/json' && !type.endsWith('+json')) return body
  try {
    return JSON.parse(body)
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
