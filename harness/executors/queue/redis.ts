/** A queue on Redis, or on what speaks like it. */
import type { BackendFactory } from 'bullmq'
import type { Engine } from './engine.js'

export const redis: Engine = {
  schemes: ['redis:', 'rediss:'],
  example: 'redis://HOST:PORT',
  driver: 'ioredis',
  open({ createRedisBackend }, url, attempts) {
    const retries =
      attempts === 'one' ? { maxRetriesPerRequest: 0, retryStrategy: () => null } : { maxRetriesPerRequest: null }
    const open: BackendFactory = (name, options, kind) =>
      createRedisBackend(name, { ...options, connection: { url, ...retries } }, kind)
    return open
  },
  explain(error, url) {
    const { message } = error
    const code = String((error as { readonly code?: unknown }).code)
    const isTls = url.startsWith('rediss:')
    if (/NOAUTH|WRONGPASS|NOPERM/.test(message)) {
      return 'takes other credentials: expected redis://USER:PASSWORD@HOST:PORT'
    }
    if (/Redis version/i.test(message)) return 'is too old: expected Redis 5.0 or later'
    // One takes the other's greeting for the begin of a command, and the other this one's command for no greeting.
    if (isTls && code === 'ETIMEDOUT') return 'does not answer by TLS: expected redis:// for a server without it'
    return !isTls && code === 'ECONNRESET' ? 'hangs up: expected rediss:// for a server with TLS' : undefined
  },
}
