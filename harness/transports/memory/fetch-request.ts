/**
 * Reads the arguments of a `fetch` call into a `WireRequest`. A body that is a text, as every SDK sends it, is read at
 * once. Everything else goes by way of the platform's own reader.
 */
import { forAgent } from '../../contracts/agent-error.js'
import { type Body, bodyFrom, decode } from '../../contracts/body.js'
import type { SentRequest } from '../../contracts/transport.js'

type Input = Parameters<typeof fetch>[0]
type Init = Parameters<typeof fetch>[1]

/** The address that is asked for. Throws the `TypeError` that `fetch` rejects with for what is no request at all. */
export function addressOf(input: Input, init: Init): string {
  if (isRequest(input)) {
    if (input.bodyUsed && init?.body == null) asPlatform(input)
    if (!isPlain(init)) asPlatform(input.url, init)
    return input.url
  }
  const url = typeof input === 'string' ? input : input instanceof URL ? input.href : undefined
  return url !== undefined && isPlain(init) && !url.includes('@') ? url : asPlatform(input, init).url
}

/** The platform's own reader judges whatever is out of the ordinary; it takes too long to be asked each time. */
function asPlatform(input: Input, init?: Init): Request {
  try {
    return new Request(input, init)
  } catch (error) {
    throw forAgent(error)
  }
}

const plainMethods = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])

/** Whether nothing about it could be refused but a body for a GET, which is looked at elsewhere. */
function isPlain(init: Init): boolean {
  if (init === undefined || init === null) return true
  if (typeof init !== 'object') return false
  for (const key in init) {
    const value = init[key as keyof RequestInit] as unknown
    if (value === undefined || (key === 'headers' && arePlain(value))) continue
    if (key === 'method' && plainMethods.has(String(value))) continue
    if (key === 'body' && (value === null || typeof value === 'string' || value instanceof Uint8Array)) continue
    if (key === 'signal' && (value === null || value instanceof AbortSignal)) continue
    return false
  }
  return true
}

const headerName = /^[\w!#$%&'*+.^`|~-]+$/
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/

function arePlain(headers: unknown): boolean {
  if (headers instanceof Headers) return true
  if (typeof headers !== 'object' || headers === null || Symbol.iterator in headers) return false
  return Object.entries(headers).every(
    ([name, value]) => headerName.test(name) && typeof value === 'string' && headerValue.test(value),
  )
}

/** Throws the `TypeError` that `fetch` rejects with where method and body do not go together. */
export function readRequest(url: string, input: Input, init: Init): SentRequest | Promise<SentRequest> {
  const request = isRequest(input) ? input : undefined
  const method = (init?.method ?? request?.method ?? 'GET').toUpperCase()
  const headers = init?.headers ?? request?.headers
  const body = init?.body
  if (body === undefined || body === null) {
    if (!request?.body || body === null) return wire(method, url, headers, { text: '' })
    return request.arrayBuffer().then((bytes) => ofBytes(method, url, headers, new Uint8Array(bytes)))
  }
  if (method === 'GET' || method === 'HEAD') {
    throw forAgent(new TypeError('Request with GET/HEAD method cannot have body.'))
  }
  if (typeof body === 'string') return wire(method, url, headers, { text: body })
  if (body instanceof Uint8Array) return ofBytes(method, url, headers, body)
  const read = new Response(body)
  const whole = withType(headers, read.headers.get('content-type'))
  return read.arrayBuffer().then((bytes) => ofBytes(method, url, whole, new Uint8Array(bytes)))
}

/** What kind of body it is says the body itself, where the caller does not. */
function withType(given: HeadersGiven, type: string | null): Headers {
  const headers = new Headers(given)
  if (type !== null && !headers.has('content-type')) headers.set('content-type', type)
  return headers
}

/** The signal that aborts the exchange: the one in `init`, or the request's own. */
export function signalOf(input: Input, init: Init): AbortSignal | undefined {
  if (init?.signal !== undefined) return init.signal ?? undefined
  return isRequest(input) ? input.signal : undefined
}

function isRequest(input: Input): input is Request {
  return typeof input === 'object' && input !== null && 'method' in input
}

type HeadersGiven = NonNullable<Init>['headers']

function ofBytes(method: string, url: string, headers: HeadersGiven, bytes: Uint8Array): SentRequest {
  const coding = headers ? new Headers(headers).get('content-encoding') : null
  return wire(method, url, headers, bodyFrom(decode(bytes, coding)))
}

function wire(method: string, url: string, headers: HeadersGiven, { text, encoding }: Body): SentRequest {
  let known = headers instanceof Headers ? headers : undefined
  const all = () => {
    known ??= new Headers(headers)
    return known
  }
  const body = { body: text, ...(encoding && { encoding }) }
  return { method, url, ...body, header: (name) => all().get(name), headers: () => Object.fromEntries(all()) }
}
