/**
 * Knows the conversations of one attempt of the agent. So each request is recorded by what it adds to one of them, and by
 * an identity. Apart from the endpoint, because a trace must not grow with the square of a conversation.
 */
import type { Json } from '../../../faults/json.js'
import type { Message } from '../../contracts/conversation.js'
import type { Crossings } from '../../contracts/crossing.js'
import type { ModelCall, ModelQuery, Refusal, WireRequest } from '../../contracts/provider.js'
import type { ModelRequest, Part } from '../../contracts/request.js'
import { parse } from '../calls/plain.js'
import { isEqual, likeness, sharedLength } from './likeness.js'

/** A request as the trace has it. */
export interface ReadConversation {
  readonly request: ModelRequest
  readonly identity: string
  /** Tells under which number it crossed, so that later ones can go on from it. */
  recordCrossing(crossing: number): void
}

/** A conversation as the last request that went on with it had it. */
interface Known {
  readonly crossing: number
  readonly query: ModelQuery
  /** The digest of all but the messages. */
  readonly head: string
  readonly chain: Chain
  readonly digests: Digests
}

type Digests = Readonly<Record<'system' | 'tools' | 'settings', string>>

/** Of a list of messages, which may grow. */
interface Chain {
  /** For each message the digest of all up to it, ids of calls renamed in the order in which they appear. */
  readonly links: string[]
  readonly names: Map<string, string>
}

type Texts = Pick<Crossings, 'digest' | 'identityOf' | 'portable'>

export class Conversations {
  readonly #provider: string
  readonly #texts: Texts
  /** By model, for each is a site of its own. */
  readonly #known = new Map<string, Known[]>()

  constructor(provider: string, texts: Texts) {
    this.#provider = provider
    this.#texts = texts
  }

  tell(read: ModelCall | Refusal, { body }: WireRequest): ReadConversation {
    const wire = this.#texts.digest(body)
    const query = read.kind === 'call' ? read : read.query
    if (query) return this.#read(query, wire)
    const about = {
      kind: 'model',
      provider: this.#provider,
      api: read.api,
      model: modelOf(read),
      stream: false,
    } as const
    const nothing = { since: null, before: 0, messages: [], system: none, tools: none, settings: none }
    return { request: { ...about, ...nothing, unread: parse(body), wire }, identity: wire, recordCrossing: () => {} }
  }

  #read(query: ModelQuery, wire: string): ReadConversation {
    const { api, stream, conversation, tools, settings } = query
    const { model, messages, system } = conversation
    const known = this.#of(model)
    const { from, shared } = nearest(known, messages)
    const before = Math.max(0, Math.min(shared, messages.length - 1))
    const parts = {
      system: this.#part(system, from?.query.conversation.system, from?.digests.system),
      tools: this.#part(tools, from?.query.tools, from?.digests.tools),
      settings: this.#part(settings, from?.query.settings, from?.digests.settings),
    }
    const digests = {
      system: parts.system.digest,
      tools: parts.tools.digest,
      settings: parts.settings.digest,
    }
    const asBefore = from?.query.api === api && from.query.stream === stream && areEqual(digests, from.digests)
    const goesOn = from !== undefined && shared === from.query.conversation.messages.length
    const head = asBefore ? from.head : this.#texts.digest(JSON.stringify([this.#provider, api, stream, digests]))
    const chain = this.#extend(asBefore ? (goesOn ? from.chain : upTo(shared, from)) : emptyChain(), messages, head)
    return {
      request: {
        kind: 'model',
        provider: this.#provider,
        api,
        model,
        stream,
        since: from?.crossing ?? null,
        before,
        messages: messages.slice(before),
        ...parts,
        wire,
      },
      identity: chain.links.at(-1) ?? head,
      recordCrossing: (crossing) => {
        if (goesOn) known.splice(known.indexOf(from), 1)
        known.push({ crossing, query, head, chain, digests })
      },
    }
  }

  #part<T extends Json>(value: T, known: T | undefined, digest: string | undefined): Part<T> {
    if (digest !== undefined && known !== undefined && isEqual(value, known)) return { digest }
    return { digest: this.#texts.digest(JSON.stringify(value)), value }
  }

  /** Adds a link for each message that has none yet. */
  #extend({ links, names }: Chain, messages: readonly Message[], head: string): Chain {
    const nameOf = namerOf(names)
    for (let index = links.length; index < messages.length; index++) {
      const { role, blocks } = messages[index] as Message
      let text = (links.at(-1) ?? head) + role
      for (const block of blocks) text += likeness(block, nameOf, this.#texts.portable)
      links.push(this.#texts.identityOf(text))
    }
    return { links, names }
  }

  #of(model: string): Known[] {
    let known = this.#known.get(model)
    if (!known) {
      known = []
      this.#known.set(model, known)
    }
    return known
  }
}

/** What selectors of plans look into at a request to a model. */
export function selectable(read: ModelCall | Refusal, provider: string): Json {
  const query = read.kind === 'call' ? read : read.query
  if (!query) return { provider, api: read.api, model: modelOf(read) }
  const { model, system, tools, messages } = query.conversation
  const [first, last] = [messages[0], messages.at(-1)].map((message) => message && outline(message))
  return {
    provider,
    api: query.api,
    model,
    stream: query.stream,
    system,
    tools,
    messages: messages.length,
    ...(first && { first }),
    ...(last && { last }),
  }
}

function outline({ role, blocks }: Message): Json {
  const text = blocks.map((block) => (block.kind === 'text' || block.kind === 'tool-result' ? block.text : '')).join('')
  return { role, text, failed: blocks.some((block) => block.kind === 'tool-result' && block.failed) }
}

export function modelOf(read: ModelCall | Refusal): string {
  return read.kind === 'call' ? read.conversation.model : read.model
}

const none: Part<never> = { digest: '' }

/** The conversation that begins with the most of the same messages; the latest of these. */
function nearest(
  known: readonly Known[],
  messages: readonly Message[],
): { readonly from: Known | undefined; readonly shared: number } {
  let from: Known | undefined
  let shared = 0
  for (const candidate of known) {
    const both = sharedLength(candidate.query.conversation.messages, messages)
    if (both === 0 || both < shared) continue
    from = candidate
    shared = both
  }
  return { from, shared }
}

/** The first links of a chain, for a conversation that branches off. */
function upTo(shared: number, { chain, query }: Known): Chain {
  const names = new Map<string, string>()
  const nameOf = namerOf(names)
  for (const { blocks } of query.conversation.messages.slice(0, shared)) {
    for (const block of blocks) if ('id' in block) nameOf(block.id)
  }
  return { links: chain.links.slice(0, shared), names }
}

function emptyChain(): Chain {
  return { links: [], names: new Map() }
}

/** Names ids in the order in which they appear. */
function namerOf(names: Map<string, string>): (id: string) => string {
  return (id) => {
    let name = names.get(id)
    if (name === undefined) {
      name = `call-${names.size + 1}`
      names.set(id, name)
    }
    return name
  }
}

function areEqual(left: Digests, right: Digests): boolean {
  return left.system === right.system && left.tools === right.tools && left.settings === right.settings
}
