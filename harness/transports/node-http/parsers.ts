/**
 * What is left of a connection on nock's socket that the client or its process went away from in the middle. That is
 * parsers, which Node keeps until they are closed. With them it keeps the whole trial that the request was part of.
 * Apart, because it reaches into what is not ours; where a later version has no such parsers, nothing is done.
 */
import type { Socket } from 'node:net'

/** The interceptors' own two, of a connection that is over. Not from within what a parser calls; may be called again. */
export function closeParsers(socket: Socket): void {
  for (const name of ['requestParser', 'responseParser']) close(Reflect.get(socket, name))
}

/** Also the client's, which goes no further: whoever still holds the connection finds none there to give back. */
export function abandon(socket: Socket): void {
  closeParsers(socket)
  close(Reflect.get(socket, 'parser'))
  Reflect.set(socket, 'parser', null)
}

/** Node's `HTTPParser`: closing it deletes what lies beneath, and whatever is asked of it afterwards does nothing. */
function close(parser: unknown): void {
  if (typeof parser !== 'object' || parser === null) return
  const end: unknown = Reflect.get(parser, 'close')
  if (typeof end === 'function') end.call(parser)
}
