/**
 * The trial's `fetch`: model calls go to the simulated endpoint, loopback is real, and everything else is refused at
 * once and put on record, for a trial never reaches a real network.
 */

import { modelEndpoint } from '../boundaries/model/endpoint.js'
import { forAgent } from '../contracts/agent-error.js'
import type { Crossings } from '../contracts/crossing.js'
import type { Model, ModelContext } from '../contracts/model.js'
import type { Provider, ProviderSession } from '../contracts/provider.js'
import type { Endpoint } from '../contracts/transport.js'
import { isLocal, isModelCall, whyStrayed } from '../providers/strays.js'
import { fetchFailed } from './client-errors.js'
import { memoryFetch } from './memory/memory.js'

export interface NetworkOptions {
  readonly providers: readonly Provider[]
  /** The provider's end of the line, asked for when a first request comes. */
  session(provider: Provider): ProviderSession
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
      accepts: (method: string, url: string) => provider.accepts(method, url, process.env[provider.baseUrlVariable]),
      answer: () => {
        answer ??= memoryFetch(modelEndpoint({ session: session(provider), crossings, ...rest }), sleep)
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
    if (!isLocal(url)) return Promise.reject(fetchFailed(strayed(crossings, method, url)))
    const answer = realFetch(input, init)
    if (method !== 'POST' || !isModelCall(url)) return answer
    return answer.catch((error: unknown) => {
      throw nobodyListens(error) ? fetchFailed(strayed(crossings, method, url)) : error
    })
  }
}

/** Puts a request that nobody answers on record; the error is what a client sees where no such host, or port, is. */
export function strayed(crossings: Crossings, method: string, url: string): Error {
  const { origin, hostname, pathname, host } = new URL(url)
  const address = `${origin}${pathname}`
  crossings.record({ kind: 'stray-request', method, url: address })
  const why = `(agent-chaos: ${whyStrayed(address)})`
  return forAgent(
    isLocal(url)
      ? Object.assign(new Error(`connect ECONNREFUSED ${host} ${why}`), { code: 'ECONNREFUSED', syscall: 'connect' })
      : Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname} ${why}`), {
          code: 'ENOTFOUND',
          syscall: 'getaddrinfo',
          hostname,
        }),
  )
}

/** By the code that undici's cause has, or the several attempts of which it is made. */
function nobodyListens(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED'
}
