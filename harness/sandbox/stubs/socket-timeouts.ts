/**
 * Timeouts of sockets that have no connection of the system's beneath them: those that stand in for a declared service.
 * Node counts them with timers of its own, which no stub of the public ones reaches. And `timeout` of `node:http` and
 * what clients build on it rest on them. A real socket keeps real time: while it is waited on, virtual time stands
 * still.
 */
import net from 'node:net'
import { shared } from '../shared.js'
import type { VirtualTimer } from '../timer.js'
import type { Callable, Patches } from './patches.js'

const timers = new WeakMap<net.Socket, VirtualTimer>()

/** `setTimeout` of such a socket counts virtual time, from its last activity on; outside a trial it is Node's own. */
export function stubSocketTimeouts(patches: Patches): void {
  patches.replace(
    net.Socket.prototype,
    'setTimeout',
    (original) =>
      function setTimeout(this: unknown, ms, callback) {
        const socket = this as net.Socket
        timers.get(socket)?.close()
        const clock = shared.ambient?.clock
        if (!clock || Reflect.get(socket, '_handle') || socket.destroyed) return original.call(this, ms, callback)
        // Node's own reads the arguments, refuses what is none, and takes care of the listener; then its timer is dropped.
        original.call(this, ms, callback)
        if (Number(ms) > 0) {
          stopNodesOwn(socket, original, Number(ms))
          // One in the pool of `node:http` has no request.
          const isIdle = () => Reflect.get(socket, '_httpMessage') === null
          arm(
            socket,
            clock.setIdleTimeout(() => expire(socket), ms, isIdle),
          )
        }
        return this
      },
  )
  patches.replace(
    net.Socket.prototype,
    '_unrefTimer',
    (original) =>
      function refreshTimeout(this: unknown) {
        timers.get(this as net.Socket)?.refresh()
        return original.call(this)
      },
  )
}

/** Sets it to none, and shows it as set all the same. */
function stopNodesOwn(socket: net.Socket, original: Callable, ms: number): void {
  original.call(socket, 0)
  Reflect.set(socket, 'timeout', ms)
}

function arm(socket: net.Socket, timer: VirtualTimer): void {
  if (!timers.has(socket)) socket.once('close', () => timers.get(socket)?.close())
  timers.set(socket, timer)
}

function expire(socket: net.Socket): void {
  if (!socket.destroyed) socket.emit('timeout')
}
