/**
 * Where a request of the agent goes, whatever client and transport brings it. It goes to a simulated model, to a
 * service that the scenario declares, to this machine's own network, or nowhere. A trial never reaches any other
 * network.
 */
import { isAllowed } from '../contracts/allowed.js'
import type { Crossings } from '../contracts/crossing.js'
import type { EndpointsOptions, Environment, Provider } from '../contracts/provider.js'
import { type BaseURLs, baseURLsOf, isLocal, type RouteTaken, routeOf } from '../contracts/routes.js'
import type { Destination, Endpoint, Router, Unrouted } from '../contracts/transport.js'
import { connectionRefused, hostNotFound } from './client-errors.js'

export interface RouterOptions {
  readonly providers: readonly Provider[]
  readonly endpoints: EndpointsOptions
  /** The agent's, which may change. */
  environment(): Environment
  /** What answers at one API of a model, or at a utility of its provider's; asked for when a first request comes. */
  model(taken: RouteTaken): Endpoint
  /** What answers at an address of a declared service. */
  service(url: string): Endpoint | undefined
  /** What may really be reached beside this machine. */
  readonly allow: readonly string[]
  readonly unrouted: Unrouted
  /** Where strays are put on record. */
  readonly record: Crossings['record']
}

const real: Destination = { kind: 'real' }
const nowhere: Destination = { kind: 'nowhere' }

export function routerOf(options: RouterOptions): Router {
  const { providers, service, unrouted, record, allow } = options
  const routing = routingOf(providers)
  const bases = basesOf(options)
  const models = new Map<string, Destination>()
  const model = (taken: RouteTaken) => {
    const key = `${taken.provider.name}/${taken.api}`
    const known = models.get(key)
    if (known) return known
    const destination: Destination = { kind: 'endpoint', endpoint: options.model(taken) }
    models.set(key, destination)
    return destination
  }
  const allows = (url: string) => {
    const { hostname, port, protocol } = new URL(url)
    return isAllowed(allow, hostname, Number(port) || (protocol === 'https:' ? 443 : 80))
  }
  const refuse = (method: string, url: string, address: string, why: string) => {
    record({ kind: 'stray-request', method, url: address })
    const because = ` (agent-chaos: ${why})`
    return isLocal(url) ? connectionRefused(url, because) : hostNotFound(url, because)
  }
  return {
    route(method, url) {
      const taken = routing(bases(), method, url)
      // A service that the scenario declares is what it says, whatever its paths are called.
      const endpoint = taken && taken.by !== 'anywhere' ? undefined : service(url)
      if (endpoint) return { kind: 'endpoint', endpoint }
      if (taken) return model(taken)
      return isLocal(url) || allows(url) ? real : nowhere
    },
    refuse(method, url) {
      const { origin, pathname } = new URL(url)
      const address = `${origin}${pathname}`
      return refuse(method, url, address, unrouted.why(address))
    },
    refuseConnection: (origin, by = 'CONNECT') => refuse(by, origin, origin, unrouted.whyNoRequest),
    isAllowed: allows,
    isNamed: (origin) => bases().origins.has(origin),
    isModelCall: (method, url) => method === 'POST' && unrouted.isModelCall(url),
  }
}

interface Bases {
  readonly urls: BaseURLs
  /** Where they are. */
  readonly origins: ReadonlySet<string>
  /** The same for the same base URLs. */
  readonly key: string
}

/** The agent may set a variable at any time, so they are read for each request, and made anew where one has changed. */
function basesOf({ providers, endpoints, environment }: RouterOptions): () => Bases {
  const variables = providers.flatMap((provider) => provider.environment.baseURLIn)
  let known: (Bases & { readonly values: readonly (string | undefined)[] }) | undefined
  return () => {
    const now = environment()
    if (!known?.values.every((value, index) => value === now[variables[index] as string])) {
      const urls = baseURLsOf(providers, endpoints, now)
      const all = Object.values(urls).flat()
      const origins = new Set(all.flatMap((base) => (URL.canParse(base) ? [new URL(base).origin] : [])))
      known = { values: variables.map((variable) => now[variable]), urls, origins, key: all.join(' ') }
    }
    return known
  }
}

type Routing = (bases: Bases, method: string, url: string) => RouteTaken | undefined

/** An agent asks a few addresses again and again, trial by trial. */
const routings = new WeakMap<readonly Provider[], Routing>()
const addressesKeptMax = 1_000

function routingOf(providers: readonly Provider[]): Routing {
  const known = routings.get(providers)
  if (known) return known
  const found = new Map<string, RouteTaken | undefined>()
  const routing: Routing = (bases, method, url) => {
    const address = `${method} ${url} ${bases.key}`
    if (found.has(address)) return found.get(address)
    const taken = routeOf(providers, bases.urls, method, url)
    if (found.size < addressesKeptMax) found.set(address, taken)
    return taken
  }
  routings.set(providers, routing)
  return routing
}
