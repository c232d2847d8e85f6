/** The transports of a trial, and what they give together: one more is one more line. */
import type { OpenTransport, Transport, TransportNetwork } from '../contracts/transport.js'
import { memory } from './memory/fetch.js'
import { socket } from './socket/transport.js'

export const transports = [memory, socket] as const satisfies readonly Transport[]

/** Each kind of client has a transport that takes its requests. */
export type OpenTransports = Required<OpenTransport>

/** `more` is one of the trial's own. */
export function openAll(network: TransportNetwork, more?: Transport): OpenTransports {
  const all: readonly Transport[] = more ? [...transports, more] : transports
  const opened = all.map((transport) => transport.open(network))
  const close = () => {
    for (const one of opened) one.close()
  }
  return Object.assign({}, ...opened, { close })
}
