/** Asks a real server what an agent asks, from within a run whose connections are otherwise taken over. */
import http, { type IncomingHttpHeaders } from 'node:http'
import https from 'node:https'
import net from 'node:net'
import tls from 'node:tls'
import { type Body, bodyFrom, bytesOf, decode } from '../contracts/body.js'
import type { SentRequest } from '../contracts/transport.js'
import { bodyOf } from './serving/request.js'
import { connectingReally } from './socket/local.js'

/** What a real server answered, without the codings of its body. */
export interface RealAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Body
}

/** They belong to one connection, or tell of a coding that is gone. */
const ofConnection = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'content-encoding',
])

/** Rejects with the system's error where nobody answers. Redirections are the client's to follow. */
export function askReally(request: SentRequest, url: URL): Promise<RealAnswer> {
  const sent = bytesOf({ text: request.body, ...(request.encoding && { encoding: request.encoding }) })
  const headers = { ...request.headers() }
  for (const name of [...ofConnection, 'host', 'accept-encoding', 'expect']) delete headers[name]
  if (sent.length > 0 || !['GET', 'HEAD'].includes(request.method)) headers['content-length'] = String(sent.length)
  const isSecure = url.protocol === 'https:'
  const createConnection = connectingReally((options) =>
    isSecure
      ? tls.connect({ servername: net.isIP(url.hostname) ? '' : url.hostname, ...(options as tls.ConnectionOptions) })
      : net.connect(options as net.NetConnectOpts),
  )
  return new Promise((resolve, reject) => {
    const asked = (isSecure ? https : http).request(url, {
      method: request.method,
      headers: { ...headers, 'accept-encoding': 'identity' },
      createConnection,
    })
    asked.on('error', reject)
    asked.on('response', (answer) => {
      bodyOf(answer).then((bytes) => {
        const body = bodyFrom(decode(bytes, answer.headers['content-encoding']))
        resolve({ status: answer.statusCode ?? 502, headers: plain(answer.headers), body })
      }, reject)
    })
    asked.end(sent)
  })
}

function plain(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || ofConnection.has(name) ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )
}
