/** What goes to this machine's own network after all, by clients that connect themselves. */
import { errorMonitor } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import net, { type Socket } from 'node:net'
import { pipeline } from 'node:stream'
import type { Router } from '../../contracts/transport.js'

let forwarding = false

/** Whether a connection is one that is made here, and is to be a real one. */
export function isOfForwarding(): boolean {
  return forwarding
}

/** Asks a server of this machine's in the client's place, where it shares its origin with something simulated. */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  url: string,
  fail: (error: Error) => void,
): void {
  const { method, rawHeaders } = request
  const asked = http.request(url, { method, headers: rawHeaders as never, createConnection: connectReally })
  asked.on('error', fail)
  asked.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders)
    pipeline(answer, response, () => {})
  })
  pipeline(request, asked, () => {})
}

const connectReally = connectingReally((options) => net.connect(options as net.NetConnectOpts))

/** What makes connections by which `isOfForwarding` knows them; `connect` begins them at once. */
export function connectingReally<S extends Socket>(connect: (options: http.ClientRequestArgs) => S) {
  return (options: http.ClientRequestArgs): S => {
    forwarding = true
    try {
      return connect(options)
    } finally {
      forwarding = false
    }
  }
}

/** Where nobody listens to what has the form of a model call, the error says what to do. */
export function tellWhyNobodyListens(socket: Socket, origin: string, router: Router): void {
  socket.prependListener(errorMonitor as never, (error: NodeJS.ErrnoException) => {
    const asked: unknown = Reflect.get(socket, '_httpMessage')
    if (error.code !== 'ECONNREFUSED' || !(asked instanceof http.ClientRequest)) return
    const url = `${origin}${asked.path}`
    if (router.isModelCall(asked.method, url)) error.message = router.refuse(asked.method, url).message
  })
}
