/**
 * The trial's `fetch`: model calls go to the simulated endpoint, loopback is real, and everything else is refused at
 * once and put on record, for a trial never reaches a real network.
 */

import { modelEndpoint } from '../boundaries/model/endpoint.js'
import type { Crossings } from '../contracts/crossing.js'
import type { Model, ModelContext } from '../contracts/model.js'
import type { EndpointsOptions, Provider, ProviderSession } from '../contracts/provider.js'
import { isLoopbackHost, type RouteTaken, routeOf } from '../contracts/routes.js'
import type { Endpoint } from '../contracts/transport.js'
import { memoryFetch } from './memory/memory.js'

export interface NetworkOptions {
  readonly providers: readonly Provider[]
  readonly endpoints: EndpointsOptions
  /** The other end of one API's line, asked for when a first request comes. */
  session(taken: RouteTaken): ProviderSession
  readonly model: Model
  readonly context: ModelContext
  readonly crossings: Crossings
  readonly latencyMs: number
  /** What answers at an address of a declared service. */
  endpoint(url: string): Endpoint | undefined
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  readonly realFetch: typeof fetch
}

export function trialFetch({
  providers,
  endpoints,
  session,
  endpoint,
  sleep,
  realFetch,
  crossings,
  ...rest
}: NetworkOptions): typeof fetch {
  const route = routing(providers, endpoints)
  const answers = new Map<string, ReturnType<typeof memoryFetch>>()
  const answerOf = (taken: RouteTaken) => {
    const key = `${taken.provider.name}/${taken.api}`
    const known = answers.get(key)
    if (known) return known
    const model = modelEndpoint({ provider: taken.provider, session: session(taken), crossings, ...rest })
    const answer = memoryFetch(model, sleep)
    answers.set(key, answer)
    return answer
  }
  return (input, init) => {
    const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url
    const method = (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase()
    const taken = route(method, url)
    // A service that the scenario declares is what it says, whatever its paths are called.
    const service = taken && taken.by !== 'anywhere' ? undefined : endpoint(url)
    if (service) return memoryFetch(service, sleep)(url, input, init)
    if (taken) return answerOf(taken)(url, input, init)
    if (isLocal(url)) return realFetch(input, init)
    return Promise.reject(strayed(crossings, method, url))
  }
}

type Routing = (method: string, url: string) => RouteTaken | undefined

/** An agent asks a few addresses again and again, trial by trial. */
const routings = new WeakMap<readonly Provider[], { readonly endpoints: EndpointsOptions; readonly route: Routing }>()
const addressesKeptMax = 1_000

function routing(providers: readonly Provider[], endpoints: EndpointsOptions): Routing {
  const known = routings.get(providers)
  if (known?.endpoints === endpoints) return known.route
  const found = new Map<string, RouteTaken | undefined>()
  const route: Routing = (method, url) => {
    const address = `${method} ${url}`
    if (found.has(address)) return found.get(address)
    const taken = routeOf(providers, endpoints, method, url)
    if (found.size < addressesKeptMax) found.set(address, taken)
    return taken
  }
  routings.set(providers, { endpoints, route })
  return route
}

/** Loopback and what never leaves the process. */
export function isLocal(url: string): boolean {
  try {
    const { protocol, hostname } = new URL(url)
    if (protocol !== 'http:' && protocol !== 'https:') return true
    return isLoopbackHost(hostname)
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
