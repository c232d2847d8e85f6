/** No datagram leaves this machine in a trial, unless the scenario allows where it goes. */
import dgram from 'node:dgram'
import { shared } from '../shared.js'
import type { Patches } from './patches.js'
import { isLoopback } from './sockets.js'

export function stubDatagrams(patches: Patches): void {
  patches.replace(
    dgram.Socket.prototype,
    'send',
    (original) =>
      function send(this: unknown, ...args) {
        const error = refusal('send', destination(args))
        return error ? fail(this as dgram.Socket, args, error) : original.apply(this, args)
      },
  )
  patches.replace(
    dgram.Socket.prototype,
    'connect',
    (original) =>
      function connect(this: unknown, ...args) {
        const error = refusal('connect', { port: args[0], host: args[1] })
        return error ? fail(this as dgram.Socket, args, error) : original.apply(this, args)
      },
  )
}

interface Destination {
  readonly port: unknown
  readonly host: unknown
}

/** `send(data, port, host)`, or the same of a part of the data: `send(data, offset, length, port, host)`. */
function destination([, second, third, port, host]: readonly unknown[]): Destination {
  return typeof third === 'number' ? { port, host } : { port: second, host: third }
}

function refusal(syscall: string, { port, host }: Destination): Error | undefined {
  const trial = shared.ambient
  if (!trial || typeof host !== 'string' || isLoopback(host) || trial.allows?.(host, Number(port))) return undefined
  trial.stray?.(`udp://${host}:${port}`, 'UDP')
  const at = { address: host, port: Number(port) }
  return Object.assign(new Error(`${syscall} ENETUNREACH ${host}:${port}`), {
    errno: -101,
    code: 'ENETUNREACH',
    syscall,
    ...at,
  })
}

/** To whoever waits for it, or as an event, as a network that cannot be reached does. */
function fail(socket: dgram.Socket, args: readonly unknown[], error: Error): void {
  const done = args.findLast((arg) => typeof arg === 'function')
  process.nextTick(() => {
    if (done) (done as (error: Error) => void)(error)
    else socket.emit('error', error)
  })
}
