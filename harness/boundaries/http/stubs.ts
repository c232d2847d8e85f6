/** Hands the connections that clients make to the trial that is entered, by whichever way they make them. */
import net, { type Socket } from 'node:net'
import type { TakeConnection, WantedConnection } from '../../contracts/transport.js'
import { guest } from '../../sandbox/guest.js'
import type { Callable, Patches } from '../../sandbox/stubs/patches.js'
import { isLoopback } from '../../sandbox/stubs/sockets.js'

/** Connections that a trial has left to the system, for its scenario allows them; until they are there no port tells so. */
const left = new WeakSet<object>()

/** What takes connections in the trial that is entered. */
export const connectionGuest = guest<TakeConnection>('connections')

/** All that connects comes by this method, from within Node too, whenever it was captured. */
export function stubConnections(patches: Patches, entered = connectionGuest.current): void {
  patches.replace(
    net.Socket.prototype,
    'connect',
    (original) =>
      function connect(this: unknown, ...args) {
        const take = entered()
        const wanted = take && wantedBy(this as Socket, args)
        if (!take || !wanted) return original.apply(this, args)
        if (!take(wanted)) {
          left.add(this as object)
          return original.apply(this, args)
        }
        const listener = partsOf(args).findLast((arg) => typeof arg === 'function')
        if (listener) wanted.socket.once('connect', listener as () => void)
        return this
      },
  )
  patches.replace(net.Socket.prototype, '_writeGeneric', (original) => adopting(original, entered))
}

/**
 * A pool may hold connections from before the trial, and what is asked over one of them would really be sent. To other
 * machines they are taken over with the first request.
 */
function adopting(original: Callable, entered: () => TakeConnection | undefined): Callable {
  return function (this: unknown, isMany, data, encoding, done) {
    const take = entered()
    const socket = this as Socket
    const host: unknown = take && (Reflect.get(socket, 'servername') || Reflect.get(socket, '_host'))
    const isLeft = socket.connecting && left.has(socket)
    if (!take || isLeft || typeof host !== 'string' || isLoopback(host) || !Reflect.get(socket, '_handle')) {
      return original.call(this, isMany, data, encoding, done)
    }
    const pieces = isMany ? (data as { chunk: unknown; encoding: unknown }[]) : [{ chunk: data, encoding }]
    const bytes = Buffer.concat(pieces.map((piece) => bytesOf(piece.chunk, piece.encoding)))
    const offers = Reflect.get(socket, 'encrypted') === true ? [] : undefined
    const wanted = { socket, host, port: socket.remotePort ?? 0, offers, isConnected: true }
    if (!firstLine.test(bytes.toString('latin1', 0, 200)) || !take(wanted)) {
      return original.call(this, isMany, data, encoding, done)
    }
    return socket._write(bytes, 'buffer' as BufferEncoding, done as () => void)
  }
}

/** Of a request. */
const firstLine = /^[A-Z-]{1,20} \S/

function bytesOf(chunk: unknown, encoding: unknown): Buffer {
  return typeof chunk === 'string' ? Buffer.from(chunk, encoding as BufferEncoding) : Buffer.from(chunk as Uint8Array)
}

/** `undefined` for what goes to a socket of the file system, or nowhere, as Node says. */
function wantedBy(socket: Socket, args: readonly unknown[]): WantedConnection | undefined {
  const [first, second] = partsOf(args)
  const options = typeof first === 'object' && first !== null ? first : { port: first, host: second }
  const { path, host, port, ALPNProtocols } = options as Readonly<Record<string, unknown>>
  if (typeof path === 'string' || !isPort(port)) return undefined
  const offers = Reflect.get(socket, 'encrypted') === true ? namesIn(ALPNProtocols) : undefined
  return {
    socket,
    host: typeof host === 'string' && host !== '' ? host : 'localhost',
    port: Number(port),
    offers,
    isConnected: false,
  }
}

/** `connect(options)`, `connect(port, host)`, or the list that Node makes of either. */
function partsOf(args: readonly unknown[]): readonly unknown[] {
  return Array.isArray(args[0]) ? (args[0] as unknown[]) : args
}

function isPort(port: unknown): boolean {
  return (typeof port === 'number' || typeof port === 'string') && Number(port) >= 0 && Number(port) < 65_536
}

/** As a list of them, or as ALPN has them on the wire: each with its length before it. */
function namesIn(protocols: unknown): readonly string[] {
  if (Array.isArray(protocols)) return protocols.map(String)
  if (!ArrayBuffer.isView(protocols)) return []
  const bytes = Buffer.from(protocols.buffer, protocols.byteOffset, protocols.byteLength)
  const names: string[] = []
  for (let at = 0; at < bytes.length; at += (bytes[at] ?? 0) + 1) {
    names.push(bytes.toString('latin1', at + 1, at + 1 + (bytes[at] ?? 0)))
  }
  return names
}
