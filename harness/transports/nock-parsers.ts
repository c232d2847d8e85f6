/**
 * What the interceptors below nock leave behind of each connection: two parsers, which Node keeps until they are closed,
 * and with them, where the client or its process went away in the middle, the whole trial that the request was part of.
 * Apart, because it reaches into what is not ours; where a later version has no such parsers, nothing is done.
 */
import type { Socket } from 'node:net'

/** For a connection that is over, and not from within what a parser calls. May be called again. */
export function closeParsers(socket: Socket): void {
  for (const name of ['requestParser', 'responseParser']) {
    const parser: unknown = Reflect.get(socket, name)
    if (isParser(parser)) parser.close()
  }
}

/** Node's `HTTPParser`: closing it deletes what lies beneath, and whatever is asked of it afterwards does nothing. */
function isParser(value: unknown): value is { close(): void } {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'close') === 'function'
}
