/**
 * Loads nock, puts it to work and takes it back, with what it changes beyond `node:http` kept as it was. Apart from
 * `nock.ts` because all of it is about one package's habits, as they are in its version 14.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers'

export type Nock = typeof import('nock')

let loaded: Nock | undefined

/** Loads nock when it is first wanted, which takes some 90 ms. The stubs must be in place. */
export function loadNock(): Nock {
  loaded ??= loadIdle()
  return loaded
}

/**
 * nock is at work as soon as it is loaded, and captures the timers that it finds. Its replies set two of zero delay; as
 * immediates they cost neither virtual time nor real waiting, and an exchange takes as long as over any other transport.
 */
function loadIdle(): Nock {
  const require = createRequire(import.meta.url)
  const known = require.resolve('nock') in require.cache
  const before = Object.getOwnPropertyDescriptor(timers, 'setTimeout')
  const original = timers.setTimeout
  const value = (callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
    ms ? original(callback, ms, ...args) : timers.setImmediate(callback, ...args)
  const putBack = keepPlatform()
  try {
    Object.defineProperty(timers, 'setTimeout', { ...before, value })
    const nock = require('nock') as Nock
    // One that the host process has loaded for itself stays as it is.
    if (!known) nock.restore()
    return nock
  } finally {
    if (before) Object.defineProperty(timers, 'setTimeout', before)
    putBack()
  }
}

/** Puts nock to work where it is not already; returns what gives `node:http` and `node:https` back. */
export function activate(nock: Nock): () => void {
  if (nock.isActive()) return () => {}
  const putBack = keepPlatform()
  nock.activate()
  nock.enableNetConnect()
  putBack()
  syncBuiltinESMExports()
  return () => {
    nock.restore()
    putBack()
    syncBuiltinESMExports()
  }
}

/** nock replaces `fetch` and its classes too; `fetch` has a transport of its own, which is exact and far quicker. */
function keepPlatform(): () => void {
  const kept: readonly (readonly [object, readonly string[]])[] = [
    [globalThis, ['fetch', 'Headers', 'Request', 'Response', 'XMLHttpRequest', 'WebSocket']],
    [globalThis.Headers.prototype, ['set', 'append', 'delete']],
  ]
  const before = kept.flatMap(([owner, names]) =>
    names.map((name) => [owner, name, Object.getOwnPropertyDescriptor(owner, name)] as const),
  )
  return () => {
    for (const [owner, name, descriptor] of before) {
      if (descriptor) Object.defineProperty(owner, name, descriptor)
    }
  }
}
