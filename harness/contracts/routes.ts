/** Which provider's API a request is for, as a pure function of its address. */
import type { EndpointsOptions, Provider, Route } from './provider.js'

/** A request is for this API. */
export interface RouteTaken {
  readonly provider: Provider
  /** Its name among the provider's APIs. */
  readonly api: string
  /** `named`: at the base URL that the user gave. `own`: at the vendor's. `anywhere`: by its path alone. */
  readonly by: 'named' | 'own' | 'anywhere'
}

/**
 * `undefined` for what is no model call. What the user named goes before what vendors own, and that before what is known by
 * its path alone; within each the order of the providers decides.
 */
export function routeOf(
  providers: readonly Provider[],
  endpoints: EndpointsOptions,
  method: string,
  address: string,
): RouteTaken | undefined {
  const url = parsed(address)
  if (!url) return undefined
  const candidates = providers.flatMap((provider) => {
    const { baseURL } = endpoints[provider.name] ?? {}
    const by = baseURL !== undefined && isBelow(url, baseURL) ? 'named' : ownsOrigin(provider, url) ? 'own' : 'anywhere'
    if (by === 'anywhere' && isLoopbackHost(url.hostname)) return []
    const fits = (route: Route) => (by !== 'anywhere' || route.at === 'anywhere') && isOn(route, method, url.pathname)
    return Object.entries(provider.apis).flatMap(([api, { routes }]) =>
      routes.some(fits) ? [{ provider, api, by } as const] : [],
    )
  })
  return (['named', 'own', 'anywhere'] as const)
    .map((how) => candidates.find(({ by }) => by === how))
    .find((taken) => taken !== undefined)
}

/** Whether an address belongs to the vendor. */
export function ownsOrigin({ origins }: Provider, { protocol, hostname, port }: URL): boolean {
  return origins.some((origin) => {
    const own = parsed(origin.replace('*.', ''))
    if (own?.protocol !== protocol || own.port !== port) return false
    return origin.includes('//*.') ? hostname.endsWith(`.${own.hostname}`) : hostname === own.hostname
  })
}

export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

function isBelow({ origin, pathname }: URL, baseURL: string): boolean {
  const base = parsed(baseURL)
  if (base?.origin !== origin) return false
  const path = base.pathname.replace(/\/+$/, '')
  return pathname === path || pathname.startsWith(`${path}/`)
}

function isOn(route: Route, method: string, pathname: string): boolean {
  return route.method === method && patternOf(route.path).test(pathname)
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

function parsed(address: string): URL | undefined {
  return URL.canParse(address) ? new URL(address) : undefined
}
