/** Which provider's API a request is for, as a pure function of its address. */
import type { EndpointsOptions, Environment, Provider, Route, Utility } from './provider.js'

/** A request is for this API. */
export interface RouteTaken {
  readonly provider: Provider
  /** Its name among the provider's APIs, or its utilities. */
  readonly api: string
  /** Where it is none of the APIs. */
  readonly utility?: Utility
  /** `named`: at the base URL that the user gave. `own`: at the vendor's. `anywhere`: by its path alone. */
  readonly by: 'named' | 'own' | 'anywhere'
}

/** Base URLs in place of the vendors' own, by the provider's name. */
export type BaseURLs = Readonly<Record<string, readonly string[]>>

/** Those that the scenario or the configuration names, and those in the environment of the agent. */
export function baseURLsOf(
  providers: readonly Provider[],
  endpoints: EndpointsOptions,
  environment: Environment,
): BaseURLs {
  const bases: Record<string, readonly string[]> = {}
  for (const provider of providers) {
    const { baseURLIn } = provider.environment
    const named = [endpoints[provider.name]?.baseURL, ...baseURLIn.map((variable) => environment[variable])]
    bases[provider.name] = named.filter((base): base is string => base !== undefined && base !== '')
  }
  return bases
}

/**
 * Which provider's API a request is for; `undefined` for what is no model call. What the user named goes before what
 * vendors own, and that before what is known by its path alone. Within each, the order of the providers decides.
 */
export function routeOf(
  providers: readonly Provider[],
  bases: BaseURLs,
  method: string,
  address: string,
): RouteTaken | undefined {
  const url = parseUrl(address)
  if (!url) return undefined
  for (const by of ['named', 'own', 'anywhere'] as const) {
    for (const provider of providers) {
      const paths = pathsBy(by, provider, bases, url)
      for (const [api, { routes }] of Object.entries(provider.apis)) {
        if (routes.some((route) => isOn(route, by, method, paths))) return { provider, api, by }
      }
      for (const [api, utility] of Object.entries(provider.utilities ?? {})) {
        if (utility.routes.some((route) => isOn(route, by, method, paths))) return { provider, api, utility, by }
      }
    }
  }
  return undefined
}

/** What a provider's routes are to be compared with; nothing where it has no claim to the address. */
function pathsBy(by: RouteTaken['by'], provider: Provider, bases: BaseURLs, url: URL): readonly string[] {
  switch (by) {
    case 'named':
      return (bases[provider.name] ?? []).flatMap((base) => belowBase(url, base) ?? [])
    case 'own':
      return ownsOrigin(provider, url) ? [url.pathname] : []
    case 'anywhere':
      return isLoopbackHost(url.hostname) ? [] : [url.pathname]
  }
}

/** The base URL of a client whose model call, of a provider's form, goes to `address`; whoever answers there. */
export function baseURLBy(provider: Provider, address: string): string | undefined {
  const url = parseUrl(address)
  const routes = routesTo(provider, ({ shares }) => shares === undefined)
  const route = url && routes.find(({ path }) => patternOf(path).test(url.pathname))
  return route && `${url.origin}${url.pathname.replace(patternOf(route.path), '')}`
}

/** Where all of a provider's is reached; of utilities those that are wanted. */
export function routesTo({ apis, utilities = {} }: Provider, wanted = (_: Utility) => true): readonly Route[] {
  return [...Object.values(apis), ...Object.values(utilities).filter(wanted)].flatMap(({ routes }) => routes)
}

/** Whether an address belongs to the vendor. */
export function ownsOrigin({ origins }: Provider, { protocol, hostname, port }: URL): boolean {
  return origins.some((origin) => {
    const own = parseUrl(origin.replace('*.', ''))
    if (own?.protocol !== protocol || own.port !== port) return false
    return origin.includes('//*.') ? hostname.endsWith(`.${own.hostname}`) : hostname === own.hostname
  })
}

/** Loopback and what never leaves the process. */
export function isLocal(url: string): boolean {
  try {
    const { protocol, hostname } = new URL(url)
    if (protocol !== 'http:' && protocol !== 'https:') return true
    return isLoopbackHost(hostname)
  } catch {
    return true // Not absolute: the real client says so.
  }
}

/** As a URL has it. */
export function isLoopbackHost(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\])$/.test(hostname)
}

/** The rest of the path; `undefined` where the address is not below that base URL. */
function belowBase({ origin, pathname }: URL, baseURL: string): string | undefined {
  const base = parseUrl(baseURL)
  const path = base?.pathname.replace(/\/+$/, '')
  return base?.origin === origin && pathname.startsWith(`${path}/`) ? pathname.slice(path?.length) : undefined
}

function isOn(route: Route, by: RouteTaken['by'], method: string, paths: readonly string[]): boolean {
  if (route.method !== method || (by === 'anywhere' && route.at !== 'anywhere')) return false
  // Below a base URL the whole rest counts: a gateway has other services beside.
  return paths.some((path) => {
    const found = patternOf(route.path).exec(path)
    return found !== null && (by !== 'named' || found.index === 0)
  })
}

const patterns = new Map<string, RegExp>()

/** Every request asks for it. */
function patternOf(path: string): RegExp {
  let pattern = patterns.get(path)
  if (!pattern) {
    const parts = path.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    pattern = new RegExp(`${parts.join('[^/]+')}$`, 'i')
    patterns.set(path, pattern)
  }
  return pattern
}

function parseUrl(address: string): URL | undefined {
  return URL.canParse(address) ? new URL(address) : undefined
}
