/**
 * What is left of a connection that its client's process went away from in the middle: its parser, which Node keeps until
 * it is closed. With it it keeps the whole trial that the request was part of. Apart, because it reaches into what is not
 * ours; where a later version has no such parser, nothing is done.
 */
import type { Socket } from 'node:net'

/** Of a client on `node:http`. It goes no further: whoever still holds the connection finds no parser there to give back. */
export function closeParser(socket: Socket): void {
  const parser: unknown = Reflect.get(socket, 'parser')
  if (typeof parser !== 'object' || parser === null) return
  const close: unknown = Reflect.get(parser, 'close')
  // Node's `HTTPParser`: closing it deletes what lies beneath, and whatever is asked of it afterwards does nothing.
  if (typeof close === 'function') close.call(parser)
  Reflect.set(socket, 'parser', null)
}
