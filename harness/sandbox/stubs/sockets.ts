/**
 * Refuses connections to other machines that take neither `fetch` nor undici. They come from `node:http`, `node:https`
 * and all that is built on them (axios, the SDKs of many vendors). Or they come from clients with a protocol of their
 * own.
 */
import net from 'node:net'
import { shared } from '../shared.js'
import { isLoopback } from './dispatcher.js'
import type { Patches } from './patches.js'

/** The socket fails as it does where no such host exists, and the trial is told. */
export function stubSockets(patches: Patches): void {
  patches.replace(
    net.Socket.prototype,
    'connect',
    (original) =>
      function connect(this: unknown, ...args) {
        const trial = shared.ambient
        const { host, port } = destination(args)
        if (!trial || host === undefined || isLoopback(host)) return original.apply(this, args)
        const name = net.isIPv6(host) ? `[${host}]` : host
        const error = trial.stray?.('CONNECT', `${port === 443 ? 'https' : 'http'}://${name}:${port}`)
        const socket = this as net.Socket
        process.nextTick(() => socket.destroy(error))
        return socket
      },
  )
}

/** `connect(options)`, `connect(port, host)`, or the list that Node makes of either; no host means this machine. */
function destination(args: readonly unknown[]): { readonly host?: string; readonly port?: number } {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args
  if (typeof first !== 'object' || first === null) {
    return typeof second === 'string' ? { host: second, port: Number(first) } : {}
  }
  const { path, host, port } = first as Readonly<Record<string, unknown>>
  return typeof path !== 'string' && typeof host === 'string' ? { host, port: Number(port) } : {}
}
