/** What to tell of a request that nothing simulated answers: why, what is simulated, and what to do. */
import { providers } from './catalogue.js'
import { vendorOf } from './not-simulated.js'

/** What to tell of an address that the agent tried to reach. */
export function strayNote(url: string): string {
  return `a request to ${url} was refused: ${whyStrayed(url)}`
}

/** Whether a request to this address has the form of a model call, of a simulated API or of another. */
export function isModelCall(url: string): boolean {
  return vendorOf(url) !== undefined || providers.some((provider) => provider.baseUrlOf(url) !== undefined)
}

/** `url` without its query. */
export function whyStrayed(url: string): string {
  const { origin, pathname } = new URL(url)
  const owner = providers.find((provider) => provider.origin === origin)
  if (owner) return pathname === '/' ? notByFetch(owner.name) : `of ${origin} only ${owner.calls} is simulated`
  const vendor = vendorOf(url)
  const pointed = providers.flatMap(({ name, baseUrlVariable, baseUrlOf }) => {
    const base = baseUrlOf(url)
    return base === undefined ? [] : [`for the simulated model of ${name} there, set ${baseUrlVariable}=${base}`]
  })
  return [
    ...(vendor === undefined ? [] : [`the model API of ${vendor} is not simulated, but this is: ${simulated()}`]),
    isLocal(url) ? 'nothing listens there' : `no such service is declared (http.service('${origin}', handler))`,
    ...pointed,
  ].join('; ')
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

/** `node:http` tells no more of a request than where it connects. */
function notByFetch(name: string): string {
  return `the simulated model of ${name} answers clients on fetch, and this one is on node:http. Hand it the fetch of the agent's context`
}

function simulated(): string {
  return providers.map(({ name, origin, baseUrlVariable }) => `${name} (${origin}, or ${baseUrlVariable})`).join(', ')
}
