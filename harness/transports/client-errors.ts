/**
 * The errors that `fetch` rejects with in Node, which is undici's. They have the same names, messages, codes and
 * causes, so that an agent's own checks for them work. `test/harness/transports/errors.test.ts` holds each beside a real one.
 */

import { forAgent } from '../contracts/agent-error.js'
import { notFoundErrno, systemErrorOf } from '../contracts/errno.js'

/** Milliseconds that undici waits for headers, and between two pieces of a body. */
export const idleLimitMs = 300_000

/** undici knows its own errors by such marks, also those of another copy of it. */
class UndiciError extends Error {
  get [Symbol.for('undici.error.UND_ERR')](): true {
    return true
  }
}

class HeadersTimeoutError extends UndiciError {
  override readonly name = 'HeadersTimeoutError'
  readonly code = 'UND_ERR_HEADERS_TIMEOUT'
  get [Symbol.for('undici.error.UND_ERR_HEADERS_TIMEOUT')](): true {
    return true
  }
}

class BodyTimeoutError extends UndiciError {
  override readonly name = 'BodyTimeoutError'
  readonly code = 'UND_ERR_BODY_TIMEOUT'
  get [Symbol.for('undici.error.UND_ERR_BODY_TIMEOUT')](): true {
    return true
  }
}

/** No headers within the limit. */
export function headersTimedOut(): TypeError {
  return fetchFailed(new HeadersTimeoutError('Headers Timeout Error'))
}

/** Nothing more of the body within the limit. */
export function bodyTimedOut(): TypeError {
  return terminatedError(new BodyTimeoutError('Body Timeout Error'))
}

/** The connection was reset in the middle of the body. */
export function bodyReset(): TypeError {
  return terminatedError(connectionReset())
}

/** The body is not what its `content-encoding` says. */
export function bodyUndecodable(cause: Error): TypeError {
  return terminatedError(cause)
}

/** The connection was reset before an answer. */
export function reset(): TypeError {
  return fetchFailed(connectionReset())
}

/** Nothing listens there. */
export function refusedError(url: string): TypeError {
  return fetchFailed(connectionRefused(url))
}

/** No such host. */
export function unresolvedError(url: string): TypeError {
  return fetchFailed(hostNotFound(url))
}

/** What a socket that was reset fails with. */
export function connectionReset(): Error {
  const { errno } = systemErrorOf('ECONNRESET')
  return systemError('read ECONNRESET', { errno, code: 'ECONNRESET', syscall: 'read' })
}

/** The address is one set aside for documentation, unless the URL holds one itself. `because` is added to the message. */
export function connectionRefused(url: string, because = ''): Error {
  const { hostname, port, protocol } = new URL(url)
  const address = addressOf(hostname)
  const portNumber = port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port)
  const { errno } = systemErrorOf('ECONNREFUSED')
  const facts = { errno, code: 'ECONNREFUSED', syscall: 'connect', address, port: portNumber }
  return systemError(`connect ECONNREFUSED ${address}:${portNumber}${because}`, facts)
}

function addressOf(hostname: string): string {
  if (/^[\d.]+$|^\[/.test(hostname)) return hostname.replace(/[[\]]/g, '')
  return hostname === 'localhost' || hostname.endsWith('.localhost') ? '127.0.0.1' : '192.0.2.1'
}

export function hostNotFound(url: string, because = ''): Error {
  const { hostname } = new URL(url)
  const facts = { errno: notFoundErrno, code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname }
  return systemError(`getaddrinfo ENOTFOUND ${hostname}${because}`, facts)
}

/** What `fetch` rejects with where `cause` broke the connection. */
export function fetchFailed(cause: Error): TypeError {
  return forAgent(new TypeError('fetch failed', { cause: forAgent(cause) }))
}

function terminatedError(cause: Error): TypeError {
  return forAgent(new TypeError('terminated', { cause: forAgent(cause) }))
}

function systemError(message: string, facts: Readonly<Record<string, string | number>>): Error {
  return forAgent(Object.assign(new Error(message), facts))
}
