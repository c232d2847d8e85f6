/**
 * For every client that connects by Node's sockets: those on `node:http`, undici of any copy and version, `node:http2`, and
 * all that is built on them. A connection is answered in memory. Nothing is made before the first of them.
 */
import { isLocal } from '../../contracts/routes.js'
import type { Transport, TransportNetwork, WantedConnection } from '../../contracts/transport.js'
import { Line } from './line.js'
import { isOfForwarding, tellWhyNobodyListens } from './local.js'
import { originOf } from './origin.js'

export const socket: Transport = {
  name: 'socket',
  clock: 'virtual',
  cannot: {},
  open(network) {
    const connections = new Connections(network)
    return { connect: (wanted) => connections.take(wanted), close: () => connections.close() }
  },
}

class Connections {
  readonly #network: TransportNetwork
  readonly #open = new Set<Line>()
  #over = false

  constructor(network: TransportNetwork) {
    this.#network = network
  }

  take(wanted: WantedConnection): boolean {
    const { router, client } = this.#network
    const origin = originOf(wanted)
    if (this.#over || isOfForwarding() || router.isAllowed(origin)) return false
    if (isLocal(origin) && !router.isNamed(origin)) {
      tellWhyNobodyListens(wanted.socket, origin, router)
      return false
    }
    const isCut = () => this.#over || client.frozen
    this.#open.add(new Line(wanted, { router, client, isCut, onClosed: (line) => this.#open.delete(line) }))
    return true
  }

  close(): void {
    this.#over = true
    for (const line of this.#open) line.close()
    this.#open.clear()
  }
}
