/**
 * For clients over real sockets, to a server of ours on 127.0.0.1: with segments, resets and half-closed connections of the
 * system's. The address that a client would ask stands in the path, behind a part that is the trial's own.
 */
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { OpenTransport, Transport, TransportNetwork } from '../../contracts/transport.js'
import { Answering } from './answering.js'

let trials = 0

/** Of each of them, before it is started too. Time is real for clients in other processes. */
export const facts = {
  name: 'loopback',
  clock: 'virtual',
  cannot: {
    refused: 'the server has taken the connection before it knows what is asked',
    unresolved: 'an address on this machine needs no resolver',
  },
} as const satisfies Pick<Transport, 'name' | 'clock' | 'cannot'>

/** One is started for each trial, and stopped by whoever started it. */
export class Loopback implements Transport {
  readonly name = facts.name
  readonly clock = facts.clock
  readonly cannot = facts.cannot
  readonly #server: Server
  readonly #path = `/trial-${++trials}/`
  readonly #base: string
  #network: TransportNetwork | undefined
  readonly #open = new Set<Answering>()

  private constructor(server: Server) {
    this.#server = server
    this.#base = `http://127.0.0.1:${(server.address() as AddressInfo).port}${this.#path}`
    server.on('request', (request, response) => this.#answer(request, response))
  }

  static async start(): Promise<Loopback> {
    const server = http.createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 })
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
    return new Loopback(server.unref())
  }

  /** Where what is at this address is reached. */
  addressOf(address: string): string {
    const { protocol, host, pathname, search } = new URL(address)
    const rest = `${protocol.slice(0, -1)}/${host}${pathname.replace(/\/$/, '')}${search}`
    return `${this.#base}${rest}`
  }

  /** Whether an address is one of this server's. */
  isAt(address: string): boolean {
    return address.startsWith(this.#base)
  }

  open(network: TransportNetwork): OpenTransport {
    this.#network = network
    return { close: () => this.#close(network) }
  }

  async stop(): Promise<void> {
    this.#network = undefined
    await new Promise((resolve) => {
      this.#server.close(resolve)
      this.#server.closeAllConnections()
    })
  }

  #close(network: TransportNetwork): void {
    if (this.#network === network) this.#network = undefined
    for (const answering of this.#open) if (answering.isOf(network)) answering.abandon()
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = this.#urlOf(request.url ?? '')
    const network = this.#network
    if (!network || url === undefined) {
      response.writeHead(404).end('agent-chaos: no trial that runs has this address')
      return
    }
    const answering = new Answering(network, request, response, facts.cannot)
    this.#open.add(answering)
    response.once('close', () => this.#open.delete(answering))
    answering.answer(url)
  }

  /** The address that is meant: `/trial-1/https/api.example.com/v1` is `https://api.example.com/v1`. */
  #urlOf(path: string): string | undefined {
    const [, protocol, rest] =
      /^(https?)\/(.+)$/.exec(path.startsWith(this.#path) ? path.slice(this.#path.length) : '') ?? []
    const url = `${protocol}://${rest}`
    return protocol !== undefined && URL.canParse(url) ? url : undefined
  }
}
