/** Where a queue is, and how it may be told: with no password, for messages and logs are passed on. */
import { didYouMean, UserError } from '../../contracts/errors.js'
import type { Engine } from './engine.js'
import { postgres } from './postgres.js'
import { redis } from './redis.js'

const engines = [redis, postgres]

/** In a message or a list. */
export function shownAddress(url: string): string {
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`
}

/** Nobody but the server is to see these. */
export function secretsIn(url: string): string[] {
  const { password, searchParams } = new URL(url)
  const found = [password, decodeURIComponent(password), searchParams.get('password') ?? ''].filter((each) => each)
  return found.length === 0 ? [] : [...new Set([url, ...found])]
}

/** What holds the queue there. Throws a `UserError` for what is no address of a server that can. */
export function engineAt(url: string): Engine {
  const expected = `--queue: expected ${engines.map(({ example }) => example).join(' or ')}`
  if (!URL.canParse(url)) throw new UserError(`${expected}, got what is no URL`)
  const { protocol, hostname } = new URL(url)
  const engine = engines.find(({ schemes }) => schemes.includes(protocol))
  if (!engine) {
    const schemes = engines.flatMap((each) => each.schemes)
    throw new UserError(`${expected}, got ${protocol}//.${didYouMean(protocol, schemes)}`.replace(/\.$/, ''))
  }
  if (hostname === '') throw new UserError(`${expected}, got no host`)
  return engine
}
