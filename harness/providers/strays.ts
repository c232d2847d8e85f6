/** What to tell of a request that nothing simulated answers: why, what is simulated, and what to do. */
import type { Provider } from '../contracts/provider.js'
import { baseURLBy, isLocal, ownsOrigin } from '../contracts/routes.js'
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
  if (method === 'CONNECT') return `a connection to ${address} was refused: ${whyNoRequest}`
  return `a request to ${address} was refused: ${whyStrayed(providers, address)}`
}

const whyNoRequest =
  'it carries no request over HTTP but another protocol, or a tunnel through a proxy, and a trial reaches no other machine. ' +
  'Put a simulated client in its place, or leave the proxy out (NO_PROXY=*)'

function whyStrayed(providers: readonly Provider[], address: string): string {
  const { origin } = new URL(address)
  const owner = providers.find((provider) => ownsOrigin(provider, new URL(address)))
  if (owner) return `of ${origin} only ${callsOf(owner)} is simulated`
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

/** What is simulated of a vendor's APIs. */
function callsOf({ apis }: Provider): string {
  const own = Object.values(apis).flatMap(({ routes }) => routes.slice(0, 1))
  return own.map(({ method, path }) => `${method} ${path}`).join(' and ')
}

function describeSimulated(providers: readonly Provider[]): string {
  const where = ({ origins, environment }: Provider) => [origins[0], ...environment.baseURLIn].join(', or ')
  return providers.map((provider) => `${provider.name} (${where(provider)})`).join(', ')
}
