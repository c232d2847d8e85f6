/** A line between a vendor's client and a session of its provider, without a trial: bytes go out as they are told to. */
import type { Conversation } from '../contracts/conversation.js'
import {
  endpointOf,
  type ModelCall,
  type ProviderSession,
  type Refusal,
  type WireAnswer,
} from '../contracts/provider.js'
import { baseURLsOf, type RouteTaken, routeOf } from '../contracts/routes.js'
import { readRequest } from '../transports/memory/fetch-request.js'
import type { ClientReply, Subject } from './subject.js'

export interface LineOptions {
  readonly session?: ProviderSession
  readonly stream?: boolean
  /** Where the user says that the API is. */
  readonly baseURL?: string
  /** Bytes to a piece of the body; all in one by default. */
  readonly pieceBytes?: number
}

/** What passed over the line. */
export interface Passed {
  readonly taken: RouteTaken
  readonly read: ModelCall | Refusal
  readonly reply: ClientReply
}

export type Respond = (session: ProviderSession, call: ModelCall) => WireAnswer

export function openSession({ provider, api }: Subject): ProviderSession {
  const opened = provider.apis[api]?.open()
  if (!opened) throw new Error(`the provider ${provider.name} has no API "${api}"`)
  return opened
}

/** Has the client ask, and answers by `respond`; rejects as the client does. */
export async function ask(
  subject: Subject,
  conversation: Conversation,
  respond: Respond,
  { session = openSession(subject), stream = false, baseURL, pieceBytes }: LineOptions = {},
): Promise<Passed> {
  const { provider } = subject
  const endpoints = baseURL === undefined ? {} : { [provider.name]: { baseURL } }
  let passed: Omit<Passed, 'reply'> | undefined
  const simulate: typeof globalThis.fetch = async (input, init) => {
    const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url
    const request = await readRequest(url, input, init)
    const taken = routeOf([provider], baseURLsOf([provider], endpoints, {}), request.method, url)
    if (taken?.api !== subject.api) throw new Error(`${request.method} ${url} is on no route of the API ${subject.api}`)
    const read = session.read(request)
    passed = { taken, read }
    return responseOf(read.kind === 'call' ? respond(session, read) : read.answer, pieceBytes)
  }
  const { baseURL: address, apiKey } = endpointOf(provider, endpoints[provider.name])
  const reply = await subject.ask({ fetch: simulate, baseURL: address, apiKey, conversation, stream })
  if (!passed) throw new Error('the client sent no request by the fetch that it was given')
  return { ...passed, reply }
}

function responseOf({ status, headers, chunks }: WireAnswer, pieceBytes = Number.POSITIVE_INFINITY): Response {
  const bytes = new TextEncoder().encode(chunks.join(''))
  let from = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (from >= bytes.length) return controller.close()
      const to = Math.min(bytes.length, from + pieceBytes)
      controller.enqueue(bytes.slice(from, to))
      from = to
    },
  })
  return new Response(body, { status, headers })
}
