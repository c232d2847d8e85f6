/** A request as Node's own servers read it, as an endpoint is to have it. */
import type { IncomingMessage } from 'node:http'
import type { Http2ServerRequest } from 'node:http2'
import { bodyFrom, decode } from '../../contracts/body.js'
import type { SentRequest } from '../../contracts/transport.js'

export type ServerRequest = IncomingMessage | Http2ServerRequest

/** All of the body that comes. Rejects where the client goes away in the middle. */
export async function bodyOf(request: ServerRequest): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

/** `url` is where the client asked, in full. */
export function wireRequest(request: ServerRequest, url: string, body: Buffer): SentRequest {
  const headers = headersOf(request, url)
  const { text, encoding } = bodyFrom(decode(body, headers['content-encoding']))
  return {
    method: request.method ?? 'GET',
    url,
    body: text,
    ...(encoding && { encoding }),
    header: (name) => headers[name.toLowerCase()] ?? null,
    headers: () => headers,
  }
}

/** HTTP/2 has the host, and what stands in the first line, among the headers. */
function headersOf({ headers }: ServerRequest, url: string): Readonly<Record<string, string>> {
  const sent = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || name.startsWith(':') ? [] : [[name, textOf(value)] as const],
  )
  return { host: textOf(headers[':authority'] ?? new URL(url).host), ...Object.fromEntries(sent) }
}

function textOf(value: string | readonly string[]): string {
  return typeof value === 'string' ? value : value.join(', ')
}
