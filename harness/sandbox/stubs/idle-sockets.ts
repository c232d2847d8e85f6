/**
 * Connections that idle. A socket that this process connected holds the loop only while it waits for an answer. Those of
 * HTTP clients are left to them: a body may pause for as long as it likes, and they let go of what is free themselves.
 */
import net from 'node:net'
import { ConnectionUse } from '../lines.js'
import { shared } from '../shared.js'
import type { Callable, Patches } from './patches.js'

const lines = new WeakMap<object, ConnectionUse>()

export function stubIdleSockets(patches: Patches): void {
  const { ref, unref } = net.Socket.prototype
  const prototype = net.Socket.prototype
  const heldBy = (socket: net.Socket) => ({
    ref: () => ref.call(socket),
    unref: () => unref.call(socket),
    destroy: () => socket.destroy(),
    localPort: () => socket.localPort,
    bytesRead: () => socket.bytesRead,
    abandon: () => {
      // A pool of `node:http` keeps it otherwise.
      socket.emit('agentRemove')
      socket.removeAllListeners()
      socket.on('error', () => {})
      socket.destroy()
    },
  })
  patches.replace(
    prototype,
    'connect',
    (original) =>
      function connect(this: unknown, ...args) {
        const socket = this as net.Socket
        if (!lines.has(socket)) follow(socket, new ConnectionUse(heldBy(socket)))
        return original.apply(this, args)
      },
  )
  patches.replace(prototype, '_writeGeneric', (original) => noting(original, (line) => line.noteSent()))
  patches.replace(prototype, 'push', (original) => {
    const push = noting(original, (line, socket) => {
      if (!isHttp(socket)) line.noteReceived()
    })
    return function (this: unknown, ...args) {
      const goesOn = push.apply(this, args)
      lines.get(this as object)?.noteRead()
      return goesOn
    }
  })
  patches.replace(prototype, 'ref', (original) => wanting(original, true))
  patches.replace(prototype, 'unref', (original) => wanting(original, false))
  stubAccepted(patches)
}

function follow(socket: net.Socket, line: ConnectionUse): void {
  lines.set(socket, line)
  socket.once('close', () => {
    lines.delete(socket)
    line.closed()
  })
}

function noting(original: Callable, note: (line: ConnectionUse, socket: object) => void): Callable {
  return function (this: unknown, ...args) {
    const line = lines.get(this as object)
    if (line) note(line, this as object)
    return original.apply(this, args)
  }
}

function wanting(original: Callable, isWanted: boolean): Callable {
  return function (this: unknown, ...args) {
    const line = lines.get(this as object)
    if (!line || shared.holdingBack) return original.apply(this, args)
    line.want(isWanted)
    return this
  }
}

/** A request of `node:http` or of undici runs over it. */
function isHttp(socket: object): boolean {
  if (Reflect.get(socket, '_httpMessage')) return true
  return Object.getOwnPropertySymbols(socket).some(({ description }) => description === 'parser')
}

/** Whoever asks waits; a server of this process, that was asked nothing, does not. */
function stubAccepted(patches: Patches): void {
  patches.replace(
    net.Server.prototype,
    'emit',
    (original) =>
      function emit(this: unknown, ...args) {
        const [event, socket] = args
        if (event === 'connection' && shared.ambient && socket instanceof net.Socket) socket.unref()
        return original.apply(this, args)
      },
  )
}
