/**
 * The errors that `fetch` rejects with in Node, which is undici's. They have the same names, messages, codes and
 * causes, so that an agent's own checks for them work. Verified against the real one by
 * `test/harness/transports/parity.test.ts`.
 */

import { forAgent } from '../contracts/agent-error.js'

/** Milliseconds that undici waits for headers, and between two pieces of a body. */
export const idleLimitMs = 300_000

class HeadersTimeoutError extends Error {
  override readonly name = 'HeadersTimeoutError'
  readonly code = 'UND_ERR_HEADERS_TIMEOUT'
}

class BodyTimeoutError extends Error {
  override readonly name = 'BodyTimeoutError'
  readonly code = 'UND_ERR_BODY_TIMEOUT'
}

class SocketError extends Error {
  override readonly name = 'SocketError'
  readonly code = 'UND_ERR_SOCKET'
}

/** No headers within the limit. */
export function headersTimedOut(): TypeError {
  return fetchFailed(new HeadersTimeoutError('Headers Timeout Error'))
}

/** Nothing more of the body within the limit. */
export function bodyTimedOut(): TypeError {
  return terminatedError(new BodyTimeoutError('Body Timeout Error'))
}

/** The connection went away in the middle of the body. */
export function bodyReset(): TypeError {
  return terminatedError(new SocketError('other side closed'))
}

/** The connection was reset before an answer. */
export function reset(): TypeError {
  return fetchFailed(systemError('read ECONNRESET', { errno: -104, code: 'ECONNRESET', syscall: 'read' }))
}

/** Nothing listens there. The address is one set aside for documentation, unless the URL holds one itself. */
export function refusedError(url: string): TypeError {
  const { hostname, port, protocol } = new URL(url)
  const address = /^[\d.]+$|^\[/.test(hostname) ? hostname.replace(/[[\]]/g, '') : '192.0.2.1'
  const portNumber = port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port)
  const facts = { errno: -111, code: 'ECONNREFUSED', syscall: 'connect', address, port: portNumber }
  return fetchFailed(systemError(`connect ECONNREFUSED ${address}:${portNumber}`, facts))
}

/** No such host. */
export function unresolvedError(url: string): TypeError {
  const { hostname } = new URL(url)
  const facts = { errno: -3008, code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname }
  return fetchFailed(systemError(`getaddrinfo ENOTFOUND ${hostname}`, facts))
}

/** What `fetch` rejects with where `cause` broke the connection. */
export function fetchFailed(cause: Error): TypeError {
  return forAgent(new TypeError('fetch failed', { cause: forAgent(cause) }))
}

function terminatedError(cause: Error): TypeError {
  return forAgent(new TypeError('terminated', { cause: forAgent(cause) }))
}

function systemError(message: string, facts: Readonly<Record<string, string | number>>): Error {
  return Object.assign(new Error(message), facts)
}
