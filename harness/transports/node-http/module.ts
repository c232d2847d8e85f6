/**
 * Loads nock, puts it to work and takes it back, with everything that it replaces kept as it was. Apart from
 * `nock.ts` because all of it is about one package's habits, as they are in its version 14.
 */
import http, { type ClientRequest } from 'node:http'
import https from 'node:https'
import { createRequire } from 'node:module'
import timers from 'node:timers'
import type { NodeCall } from '../../contracts/transport.js'

export type Nock = typeof import('nock')

let loaded: Nock | undefined

/** Loads nock when it is first wanted, which takes some 90 ms. The stubs must be in place. */
export function loadNock(): Nock {
  loaded ??= loadIdle()
  return loaded
}

/**
 * nock is at work as soon as it is loaded, and captures the timers that it finds. Its replies set two of zero delay. As
 * immediates they cost neither virtual time nor real waiting, and an exchange takes as long as over any other
 * transport.
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

/** What makes requests that nock answers. */
export interface Mocked {
  make(call: NodeCall, origin: string): ClientRequest
  /** By which nock plays an answer back to itself. */
  readonly ClientRequest: typeof http.ClientRequest
  /** Takes nock back where it was not at work before. */
  stop(): void
}

/** Puts nock to work beside `node:http` and not in its place: who asks decides whether it is asked. */
export function activate(nock: Nock): Mocked {
  if (nock.isActive()) return { ...mock(), stop: () => {} }
  const putBack = keepPlatform()
  nock.activate()
  nock.enableNetConnect()
  const found = mock()
  putBack()
  return {
    ...found,
    stop: () => {
      const putBackAgain = keepPlatform()
      nock.restore()
      putBackAgain()
    },
  }
}

function mock(): Omit<Mocked, 'stop'> {
  const found = { http: { ...http }, https: { ...https } }
  return {
    make({ module, name, args }, origin) {
      // `new ClientRequest` of nock's has no connection that a client could be known by.
      const by = origin.startsWith('https:') ? found.https : found.http
      return Reflect.apply(name === 'ClientRequest' ? by.request : found[module][name], undefined, args)
    },
    ClientRequest: http.ClientRequest,
  }
}

/** nock replaces all that asks; `fetch` has a transport of its own, and what stands before `node:http` is ours. */
function keepPlatform(): () => void {
  const kept: readonly (readonly [object, readonly string[]])[] = [
    [http, ['request', 'get', 'ClientRequest']],
    [https, ['request', 'get']],
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
