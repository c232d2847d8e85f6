/**
 * One request over a real socket, and its answer. While we keep the answer back on purpose, the client waits for time alone:
 * its own socket then does not hold the event loop. It holds it again from the first byte that leaves until it has read all.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Carriage, LocalPeer, TransportNetwork } from '../../contracts/transport.js'
import { serve, type WayBack } from '../serving/exchange.js'
import { bodyOf, wireRequest } from '../serving/request.js'

/** Real milliseconds in which a client in another process has surely read what was sent. */
const arrivalMs = 20

export class Answering {
  readonly #network: TransportNetwork
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #cannot: Readonly<Partial<Record<Carriage, string>>>
  /** `undefined` for a client in another process: there time is real. */
  readonly #peer: LocalPeer | undefined
  readonly #gone = new AbortController()
  #writes = 0
  #isOver = false

  constructor(
    network: TransportNetwork,
    request: IncomingMessage,
    response: ServerResponse,
    cannot: Readonly<Partial<Record<Carriage, string>>>,
  ) {
    this.#network = network
    this.#request = request
    this.#response = response
    this.#cannot = cannot
    this.#peer = network.peerFrom(request.socket.remotePort ?? 0)
    const leave = () => this.#gone.abort('gave-up')
    response.once('close', leave)
    this.#peer?.onClosed(leave)
  }

  isOf(network: TransportNetwork): boolean {
    return this.#network === network
  }

  answer(url: string): void {
    const { router, client, realSleep } = this.#network
    const method = this.#request.method ?? 'GET'
    const destination = router.route(method, url)
    if (destination.kind !== 'endpoint') {
      // It cannot be told by an error of the client's own, for there is a server.
      this.#response.writeHead(404, { 'content-type': 'text/plain' }).end(router.refuse(method, url).message)
      return
    }
    const caller = {
      sleep: this.#peer ? client.sleep : realSleep,
      gone: this.#gone.signal,
      isCut: () => this.#isOver || client.frozen,
    }
    bodyOf(this.#request).then(
      (body) => {
        if (this.#gone.signal.aborted || caller.isCut()) return
        this.#keepBack()
        serve(destination.endpoint, wireRequest(this.#request, url, body), caller, this.#wayBack())
      },
      () => {},
    )
  }

  /** The client is gone, and its code hears nothing of it. */
  abandon(): void {
    this.#isOver = true
    this.#peer?.abandon()
    this.#request.socket.destroy()
  }

  #wayBack(): WayBack {
    const response = this.#response
    response.sendDate = false
    return {
      accept: () => {},
      head: ({ status, headers }, alone) => {
        response.writeHead(status, headers)
        if (alone) this.#send(() => response.flushHeaders())
      },
      piece: (bytes) => this.#send(() => response.write(bytes)),
      end: () => {
        this.#release()
        response.end()
      },
      arrived: () => this.#arrived(),
      lose: (how) => {
        const why = how === 'close' || how === 'reset' ? undefined : this.#cannot[how]
        if (why !== undefined) this.#network.misfit(`transport "loopback" cannot have it ${how}: ${why}`)
        this.#release()
        // By `end` it is closed on our side alone, in the middle of a chunk or before the length that was announced.
        if (how === 'close') this.#request.socket.end()
        else this.#request.socket.resetAndDestroy()
      },
      fail: () => {
        this.#release()
        this.#request.socket.resetAndDestroy()
      },
    }
  }

  #send(write: () => void): void {
    const number = ++this.#writes
    this.#peer?.release()
    write()
    // Node hands it to the system in this turn.
    setImmediate(() => {
      if (number === this.#writes) this.#keepBack()
    })
  }

  #keepBack(): void {
    if (!this.#isOver) this.#peer?.holdBack(this.#request.socket.bytesWritten)
  }

  #release(): void {
    this.#writes++
    this.#peer?.release()
  }

  async #arrived(): Promise<void> {
    this.#release()
    await new Promise((resolve) => setImmediate(resolve))
    if (this.#peer) await this.#peer.hasRead(this.#request.socket.bytesWritten)
    else await this.#network.realSleep(arrivalMs)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
