/** Refuses connections to other machines that nobody has taken over before: a trial reaches none. */
import net from 'node:net'
import { shared } from '../shared.js'
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
        if (!trial || host === undefined || isLoopback(host) || trial.allows?.(host, port))
          return original.apply(this, args)
        const name = net.isIPv6(host) ? `[${host}]` : host
        const error = trial.stray?.(`${port === 443 ? 'https' : 'http'}://${name}:${port}`)
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

/** `host` as a URL has it, or as a socket is told it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || /^(\[?::1?\]?|127\.[\d.]+|0\.0\.0\.0)$/.test(host)
}
