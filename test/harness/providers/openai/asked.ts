/** Requests to OpenAI's APIs as they come over the wire, and what becomes of one. */
import type { ModelCall, ProviderSession, Refusal, WireRequest } from '../../../../harness/contracts/provider.js'

export interface Where {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
}

export function requestOf(body: unknown, { url, headers = { authorization: 'Bearer sk-test' } }: Where): WireRequest {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { method: 'POST', url, header: (name) => headers[name] ?? null, headers: () => headers, body: text }
}

export function accept(session: ProviderSession, body: unknown, where: Where): ModelCall {
  const read = session.read(requestOf(body, where))
  if (read.kind === 'refusal') throw new Error(read.message)
  return read
}

export function refuse(session: ProviderSession, body: unknown, where: Where): Refusal {
  const read = session.read(requestOf(body, where))
  if (read.kind === 'call') throw new Error(`it was accepted: ${JSON.stringify(body)}`)
  return read
}

/** What the error's body says. */
export function errorIn({ answer }: Refusal): unknown {
  return (JSON.parse(answer.chunks.join('')) as { readonly error: unknown }).error
}
