/** What to tell of a request that nothing simulated answers: why, what is simulated, and what to do. */
import type { Provider } from '../contracts/provider.js'
import { baseURLBy, isLocal, ownsOrigin, routesTo } from '../contracts/routes.js'
import type { Unrouted } from '../contracts/transport.js'
import { vendorOf } from './not-simulated.js'

export function unroutedBy(providers: readonly Provider[]): Unrouted {
  return {
    why: (address) => whyStrayed(providers, address),
    whyNoRequest,
    isModelCall: (address) =>
      vendorOf(address) !== undefined || providers.some((provider) => baseURLBy(provider, address) !== undefined),
  }
}

/** What to tell of an address, without its query, that the agent tried to reach. */
export function strayNote(providers: readonly Provider[], method: string, address: string): string {
  if (method === 'DNS') return `the name ${address.replace(/^dns:/, '')} was not looked up: ${howToAllow}`
  if (method === 'UDP') return `a datagram to ${address} was not sent: ${howToAllow}`
  if (method === 'CONNECT') return `a connection to ${address} was refused: ${whyNoRequest}`
  return `a request to ${address} was refused: ${whyStrayed(providers, address)}`
}

const howToAllow =
  'a trial asks no other machine. Put a simulated client in its place, or let the scenario say allow: ["HOST:PORT"]'

const whyNoRequest =
  'it carries no request over HTTP but another protocol, or a tunnel through a proxy, and a trial reaches no other machine. ' +
  'Put a simulated client in its place, leave the proxy out (NO_PROXY=*), or let the scenario say allow: ["HOST:PORT"]'

function whyStrayed(providers: readonly Provider[], address: string): string {
  const { origin, pathname } = new URL(address)
  const owner = providers.find((provider) => ownsOrigin(provider, new URL(address)))
  if (owner) return `${nameOf(owner, pathname)}of ${origin} only ${callsOf(owner)}`
  const vendor = vendorOf(address)
  const pointed = providers.flatMap((provider) => {
    const base = baseURLBy(provider, address)
    return base === undefined ? [] : [`for the simulated model of ${provider.name} there, ${pointing(provider, base)}`]
  })
  return [
    ...(vendor === undefined
      ? []
      : [`the model API of ${vendor} is not simulated, but this is: ${describeSimulated(providers)}`]),
    isLocal(address) ? 'nothing listens there' : `no such service is declared (http.service('${origin}', handler))`,
    ...pointed,
  ].join('; ')
}

function pointing({ name, environment }: Provider, base: string): string {
  const variable = environment.baseURLIn[0]
  return variable === undefined ? `give endpoints: { '${name}': { baseURL: '${base}' } }` : `set ${variable}=${base}`
}

/** What it is that is asked for, where it has a name. */
function nameOf({ name, notSimulated = {} }: Provider, path: string): string {
  const found = Object.entries(notSimulated).find(
    ([beginning]) => path === beginning || path.startsWith(`${beginning}/`),
  )
  return found === undefined ? '' : `${found[1]} of ${name} are not simulated; `
}

/** What is simulated of a vendor's; of paths that end alike the first, and of those below another none. */
function callsOf(provider: Provider): string {
  const calls = new Map<string, string>()
  const all = routesTo(provider)
  for (const { method, path } of all) {
    const end = path.split('/').at(-1) ?? path
    const isBelow = all.some((other) => path.startsWith(`${other.path}/*`))
    if (!isBelow && !calls.has(end)) calls.set(end, `${method} ${path}`)
  }
  return `${[...calls.values()].join(' and ')} ${calls.size === 1 ? 'is' : 'are'} simulated`
}

function describeSimulated(providers: readonly Provider[]): string {
  const where = ({ origins, environment }: Provider) => [origins[0], ...environment.baseURLIn].join(', or ')
  return providers.map((provider) => `${provider.name} (${where(provider)})`).join(', ')
}
