/** Where a queue is, and how it may be told: with no password, for messages and logs are passed on. */
import { didYouMean, UserError } from '../../contracts/errors.js'

/** In a message or a list. */
export function shownAddress(url: string): string {
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`
}

/** Nobody but the server is to see these. */
export function secretsIn(url: string): string[] {
  const { password } = new URL(url)
  return password === '' ? [] : [...new Set([url, password, decodeURIComponent(password)])]
}

const schemes = ['redis:', 'rediss:']

/** Throws a `UserError` for what is no address of a server that can hold the queue. */
export function checkAddress(url: string): void {
  const expected = 'expected redis://HOST:PORT, or rediss:// for one with TLS'
  if (!URL.canParse(url)) throw new UserError(`--queue: ${expected}, got what is no URL`)
  const { protocol, hostname } = new URL(url)
  if (/^postgres(ql)?:$/.test(protocol)) {
    throw new UserError(`--queue: ${expected}, got ${protocol}//; a queue on PostgreSQL is not there yet`)
  }
  if (!schemes.includes(protocol)) {
    throw new UserError(`--queue: ${expected}, got ${protocol}//.${didYouMean(protocol, schemes)}`.replace(/\.$/, ''))
  }
  if (hostname === '') throw new UserError(`--queue: ${expected}, got no host`)
}
