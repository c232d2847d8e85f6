/**
 * For clients on `node:http` and `node:https` (axios, got, vendors' SDKs). Nothing is loaded or put in place before the
 * first request that is not for this machine's own network.
 */

import { errorMonitor } from 'node:events'
import type { ClientRequest } from 'node:http'
import type { NodeCall, Router, Transport, TransportNetwork } from '../../contracts/transport.js'
import { addressOf, isPlayback } from './calls.js'
import { NockSession } from './nock.js'

export const nodeHttp: Transport = {
  name: 'node-http',
  clock: 'virtual',
  cannot: { 'idle-limit': 'node:http has no limit of its own: it waits until its user gives up' },
  open(network) {
    const requests = new NodeRequests(network)
    return { nodeHttp: (call) => requests.make(call), close: () => requests.close() }
  },
}

class NodeRequests {
  readonly #network: TransportNetwork
  #session: NockSession | undefined
  #over = false

  constructor(network: TransportNetwork) {
    this.#network = network
  }

  make(call: NodeCall): ClientRequest {
    if (this.#session?.making) return call.really()
    if (isPlayback(call)) return this.#session?.playBack(call) ?? call.really()
    const address = this.#over ? undefined : addressOf(call)
    if (!address) return call.really()
    const { router, client } = this.#network
    const { method, origin, path } = address
    if (router.route(method, `${origin}${path}`).kind === 'real')
      return really(call, router, method, `${origin}${path}`)
    this.#session ??= new NockSession(router, client)
    return this.#session.request(call, address)
  }

  close(): void {
    this.#over = true
    this.#session?.close()
  }
}

/** To this machine's own network; where nobody listens to what has the form of a model call, the error says what to do. */
function really(call: NodeCall, router: Router, method: string, url: string): ClientRequest {
  const request = call.really()
  if (!router.isModelCall(method, url)) return request
  return request.prependListener(errorMonitor, (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED') error.message = router.refuse(method, url).message
  })
}
