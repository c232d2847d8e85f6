/**
 * The trial's `fetch`: model calls go to the simulated endpoint, loopback is real, and everything else is refused at
 * once and put on record, for a trial never reaches a real network.
 */

import { modelEndpoint } from '../boundaries/model/endpoint.js'
import type { Crossings } from '../contracts/crossing.js'
import type { Model, ModelContext } from '../contracts/model.js'
import type { Provider, ProviderSession } from '../contracts/provider.js'
import type { Endpoint } from '../contracts/transport.js'
import type { Wiretap } from '../contracts/wire.js'
import { memoryFetch } from './memory/memory.js'

export interface NetworkOptions {
  readonly providers: readonly Provider[]
  /** The provider's end of the line, asked for when a first request comes. */
  session(provider: Provider): ProviderSession
  readonly model: Model
  readonly context: ModelContext
  readonly crossings: Crossings
  readonly latencyMs: number
  readonly wiretap?: Wiretap | undefined
  /** What answers at an address of a declared service. */
  endpoint(url: string): Endpoint | undefined
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  readonly realFetch: typeof fetch
}

export function trialFetch({
  providers,
  session,
  endpoint,
  sleep,
  realFetch,
  crossings,
  ...rest
}: NetworkOptions): typeof fetch {
  const routes = providers.map((provider) => {
    let answer: ReturnType<typeof memoryFetch> | undefined
    return {
      accepts: provider.accepts,
      answer: () => {
        answer ??= memoryFetch(
          modelEndpoint({ provider: provider.name, session: session(provider), crossings, ...rest }),
          sleep,
        )
        return answer
      },
    }
  })
  return (input, init) => {
    const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url
    const method = (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase()
    for (const route of routes) if (route.accepts(method, url)) return route.answer()(url, input, init)
    const service = endpoint(url)
    if (service) return memoryFetch(service, sleep)(url, input, init)
    if (isLocal(url)) return realFetch(input, init)
    return Promise.reject(strayed(crossings, method, url))
  }
}

/** Loopback and what never leaves the process. */
export function isLocal(url: string): boolean {
  try {
    const { protocol, hostname } = new URL(url)
    if (protocol !== 'http:' && protocol !== 'https:') return true
    return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
  } catch {
    return true // Not absolute: the real fetch says so.
  }
}

/** Puts a request for a real network on record; the error is what a client sees where no such host exists. */
export function strayed(crossings: Crossings, method: string, url: string): TypeError {
  const { origin, hostname } = new URL(url)
  crossings.record({ kind: 'stray-request', method, url: `${origin}${new URL(url).pathname}` })
  const cause = Object.assign(
    new Error(`getaddrinfo ENOTFOUND ${hostname} (agent-chaos: no such service is declared in this scenario)`),
    { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname },
  )
  return new TypeError('fetch failed', { cause })
}
