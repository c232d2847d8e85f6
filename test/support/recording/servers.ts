/** Real servers on this machine: one that speaks a vendor's wire as the vendor does, and a plain shop. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Reply } from '../../../harness/contracts/conversation.js'
import type { Api } from '../../../harness/contracts/provider.js'
import type { Certified } from './certificate.js'

export interface RealServer {
  readonly url: string
  /** What it was asked, in order: the first line and the body. */
  readonly asked: readonly { readonly line: string; readonly key: string | undefined; readonly body: string }[]
  stop(): Promise<void>
}

type Answer = { readonly status?: number; readonly type?: string; readonly text: string }

/** Over HTTPS where it is certified. */
export async function start(
  answer: (request: IncomingMessage, body: string) => Answer,
  certified?: Certified,
): Promise<RealServer> {
  const asked: { line: string; key: string | undefined; body: string }[] = []
  const listener: RequestListener = async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    const key = request.headers['x-api-key'] ?? request.headers.authorization
    asked.push({ line: `${request.method} ${request.url}`, key: Array.isArray(key) ? key[0] : key, body })
    const { status = 200, type = 'application/json', text } = answer(request, body)
    response.writeHead(status, { 'content-type': type, 'set-cookie': 'session=of-nobody-else-0123456789' })
    response.end(text)
  }
  const server: Server = certified ? createSecureServer({ ...certified }, listener) : createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()))
  return { url: `${certified ? 'https' : 'http'}://127.0.0.1:${port}`, asked, stop }
}

/** A vendor whose model gives these replies one after the other. */
export function startModel(api: Api, replies: readonly Reply[]): Promise<RealServer> {
  const session = api.open()
  let turn = 0
  return start(({ method = 'POST', url = '/', headers }, body) => {
    const names = headers as Readonly<Record<string, string>>
    const request = { method, url, header: (name: string) => names[name] ?? null, headers: () => names, body }
    const call = session.read(request)
    if (call.kind === 'refusal') return { status: call.answer.status, text: call.answer.chunks.join('') }
    const reply = replies[turn++]
    if (!reply)
      return { status: 400, text: '{"type":"error","error":{"type":"invalid_request_error","message":"no more"}}' }
    const { headers: said, chunks } = session.write(call, reply, { inputTokens: 10, outputTokens: 10 })
    return { type: said['content-type'] ?? 'application/json', text: chunks.join('') }
  })
}
