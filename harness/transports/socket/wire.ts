/**
 * A connection in memory, of which one end is a socket that a client has made: of `node:net` or of `node:tls`. It becomes ours
 * before the system hears of it, so that every client that connects by Node is reached, whatever it speaks. To its owner
 * it is a socket as any other. Where it is one of TLS it counts as secured, by a certificate that nobody asks for.
 */
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'

export interface WireOptions {
  readonly host: string
  readonly port: number
  /** By the system, so far. */
  readonly isConnected: boolean
  /** The protocol that was agreed upon over TLS. */
  readonly protocol: string | false
  /** The client has written something. */
  onWrite(): void
  /** The client's end is closed, by its owner or by `fail`. */
  onClose(error: Error | null): void
}

/** An address that is set aside for documentation (RFC 5737). */
const address = '192.0.2.1'

/** What is known to exist of a socket, and left out of its types. */
interface Inner {
  _handle: { close(): void } | null
  _unrefTimer(): void
  connecting: boolean
}

type Next = (error?: Error | null) => void

export class Wire {
  /** Where the client's bytes come out, and the answers go in. */
  readonly far: Duplex
  readonly #socket: Socket & Inner
  readonly #options: WireOptions
  #isCut = false
  #sentBytes = 0
  /** Goes on when the client, or the other side, has read what was written. */
  #onClientRead: Next | undefined
  #onFarRead: Next | undefined

  /** Makes the socket ours. */
  constructor(socket: Socket, options: WireOptions) {
    this.#socket = socket as Socket & Inner
    this.#options = options
    this.far = this.#makeFar()
    loseHandle(this.#socket)
    this.#socket.connecting = !options.isConnected
    this.#takeOver()
    // One that was set before Node knew whose socket it is.
    if (socket.timeout) socket.setTimeout(socket.timeout)
  }

  /** Tells the client that it is connected, unless it knows. */
  accept(): void {
    const socket = this.#socket
    if (!socket.connecting || socket.destroyed || this.#isCut) return
    socket.connecting = false
    const { port } = this.#options
    Object.assign(socket, {
      _peername: { address, family: 'IPv4', port },
      _sockname: { address, family: 'IPv4', port: 0 },
    })
    socket.emit('connect')
    socket.emit('ready')
    if (socket instanceof TLSSocket) secure(socket, this.#options)
    if (!socket.isPaused()) socket.read(0)
  }

  /** Ends the connection for the client. */
  fail(error: Error): void {
    if (!this.#isCut) this.#socket.destroy(error)
  }

  /** Ends the other side alone: the client hears nothing more, for ever. */
  cut(): void {
    this.#isCut = true
    this.far.destroy()
    // A pool of `node:http` keeps it, and with it whatever it leads to.
    for (const [name, method] of Object.entries(forgetful)) put(this.#socket, name, method)
    this.#socket.emit('agentRemove')
  }

  #makeFar(): Duplex {
    const wire = this
    const far = new Duplex({
      read() {
        const go = wire.#onFarRead
        wire.#onFarRead = undefined
        go?.()
      },
      write: (bytes: Buffer, _encoding, next) => this.#deliver(bytes, next),
      final: (done) => {
        if (!this.#isCut && !this.#socket.destroyed) this.#socket.push(null)
        done()
      },
    })
    return far.on('error', () => {})
  }

  /** To the client. */
  #deliver(bytes: Buffer, next: Next): void {
    const socket = this.#socket
    this.accept()
    if (this.#isCut || socket.destroyed) return void next()
    socket._unrefTimer()
    if (socket.push(bytes)) next()
    else this.#onClientRead = next
  }

  /** What Node would do with a connection of the system's. */
  #takeOver(): void {
    const socket = this.#socket
    const { far } = this
    const destroy = socket._destroy
    const methods: Readonly<Record<string, unknown>> = {
      _read: () => {
        const go = this.#onClientRead
        this.#onClientRead = undefined
        go?.()
      },
      _write: (given: Buffer | string, encoding: BufferEncoding, next: Next) => this.#send(given, encoding, next),
      _writev: null,
      _final: (done: Next) => {
        if (!far.destroyed) far.push(null)
        done()
      },
      // Nothing beneath holds the event loop; Node would wait for a connection of the system's to be told so.
      ref: () => socket,
      unref: () => socket,
      resetAndDestroy: () => socket.destroy(),
      _destroy: (error: Error | null, done: Next) => {
        if (!this.#isCut) this.#options.onClose(error)
        Reflect.apply(destroy, socket, [error, done])
        far.destroy()
      },
    }
    for (const [name, method] of Object.entries(methods)) put(socket, name, method)
    Object.defineProperty(socket, '_bytesDispatched', { get: () => this.#sentBytes, configurable: true })
  }

  /** By the client. */
  #send(given: Buffer | string, encoding: BufferEncoding, next: Next): void {
    const { far } = this
    const bytes = typeof given === 'string' ? Buffer.from(given, encoding) : given
    this.#sentBytes += bytes.length
    this.#socket._unrefTimer()
    this.#options.onWrite()
    if (far.destroyed || far.push(bytes)) next()
    else this.#onFarRead = next
  }
}

function put(socket: Socket, name: string, value: unknown): void {
  Object.defineProperty(socket, name, { value, configurable: true, writable: true })
}

/** What a socket does whose other side is gone, and nobody tells it: it takes everything, and gives nothing. */
const forgetful: Readonly<Record<string, (...args: never) => void>> = {
  _read: () => {},
  _write: (_bytes: unknown, _encoding: unknown, next: Next) => next(),
  _final: (done: Next) => done(),
  _destroy: (error: Error | null, done: Next) => done(error),
}

/** What the system has of it: of a connection that it has, and of the shaking of hands of one that it is to have. */
function loseHandle(socket: Socket & Inner): void {
  const handle = socket._handle
  socket._handle = null
  handle?.close()
  if (!(socket instanceof TLSSocket)) return
  // Node asks these of the handle as soon as it has set out to connect.
  for (const name of ['setServername', 'setSession', 'enableTrace']) put(socket, name, () => {})
}

function secure(socket: TLSSocket, { host, protocol }: WireOptions): void {
  const facts = { secureConnecting: false, _secureEstablished: true, authorized: true, alpnProtocol: protocol }
  Object.assign(socket, facts)
  // Of an end of the connection Node's own would say that the handshake was not finished.
  for (const listener of socket.listeners('end')) {
    if (listener.name === 'onConnectEnd') socket.removeListener('end', listener as () => void)
  }
  const certificate = { subject: { CN: host }, issuer: { CN: 'agent-chaos' }, subjectaltname: `DNS:${host}` }
  const cipher = { name: 'TLS_AES_256_GCM_SHA384', standardName: 'TLS_AES_256_GCM_SHA384', version: 'TLSv1.3' }
  const answers = { getPeerCertificate: certificate, getProtocol: 'TLSv1.3', getCipher: cipher }
  for (const [name, value] of Object.entries(answers)) put(socket, name, () => value)
  socket.emit('secureConnect')
}
