/** The trial's `fetch`: what the router sends to an endpoint stays in memory, loopback is real, and the rest is refused. */
import type { Router, Sleep, Transport } from '../../contracts/transport.js'
import { fetchFailed } from '../client-errors.js'
import { addressOf } from './fetch-request.js'
import { memoryFetch } from './memory.js'

/** For clients on `fetch`. */
export const memory: Transport = {
  name: 'memory',
  clock: 'virtual',
  cannot: {},
  open: ({ router, client, realFetch }) => ({ fetch: trialFetch(router, client.sleep, realFetch), close: () => {} }),
}

export function trialFetch(router: Router, sleep: Sleep, realFetch: typeof fetch): typeof fetch {
  return (input, init) => {
    let url: string
    try {
      url = addressOf(input, init)
    } catch (error) {
      return Promise.reject(error)
    }
    const method = (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase()
    const destination = router.route(method, url)
    switch (destination.kind) {
      case 'endpoint':
        return memoryFetch(destination.endpoint, sleep)(url, input, init)
      case 'nowhere':
        return Promise.reject(fetchFailed(router.refuse(method, url)))
      case 'real': {
        const answer = realFetch(input, init)
        if (!router.isModelCall(method, url)) return answer
        return answer.catch((error: unknown) => {
          throw nobodyListens(error) ? fetchFailed(router.refuse(method, url)) : error
        })
      }
    }
  }
}

/** By the code that undici's cause has, or the several attempts of which it is made. */
function nobodyListens(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED'
}
