/**
 * Knows the conversations of one attempt of the agent. So each request is recorded by what it adds to one of them, and by
 * an identity. Apart from the endpoint, because a trace must not grow with the square of a conversation.
 */
import type { Json } from '../../../faults/json.js'
import type { Block, Message } from '../../contracts/conversation.js'
import type { ModelCall, ModelQuery, Refusal, WireRequest } from '../../contracts/provider.js'
import type { ModelRequest, Part } from '../../contracts/request.js'
import { parse } from '../calls/plain.js'

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
  /** For each message the digest of all up to it, ids of calls renamed in the order in which they appear. */
  readonly chain: readonly string[]
  readonly digests: Readonly<Record<'system' | 'tools' | 'settings', string>>
}

export class Conversations {
  readonly #provider: string
  readonly #digest: (text: string) => string
  /** By model, for each is a site of its own. */
  readonly #known = new Map<string, Known[]>()

  /** `digest` of a text is short, and the same in every run. */
  constructor(provider: string, digest: (text: string) => string) {
    this.#provider = provider
    this.#digest = digest
  }

  tell(read: ModelCall | Refusal, { body }: WireRequest): ReadConversation {
    const wire = this.#digest(body)
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
    const asBefore = from?.query.api === api && from.query.stream === stream && isEqual(digests, from.digests)
    const head = asBefore ? from.head : this.#digest(JSON.stringify([this.#provider, api, stream, digests]))
    const chain = this.#chain(messages, head, asBefore ? from.chain.slice(0, shared) : [])
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
      identity: chain.at(-1) ?? head,
      recordCrossing: (crossing) => {
        if (from && shared === from.query.conversation.messages.length) known.splice(known.indexOf(from), 1)
        known.push({ crossing, query, head, chain, digests })
      },
    }
  }

  #part<T extends Json>(value: T, known: T | undefined, digest: string | undefined): Part<T> {
    if (digest !== undefined && known !== undefined && isEqual(value, known)) return { digest }
    return { digest: this.#digest(JSON.stringify(value)), value }
  }

  #chain(messages: readonly Message[], head: string, known: readonly string[]): string[] {
    const names = new Map<string, string>()
    const nameOf = (id: string) => {
      const name = names.get(id) ?? `call-${names.size + 1}`
      names.set(id, name)
      return name
    }
    const chain = [...known]
    let last = known.at(-1) ?? head
    messages.forEach(({ role, blocks }, index) => {
      if (index < known.length) {
        for (const block of blocks) if ('id' in block) nameOf(block.id)
        return
      }
      last = this.#digest(blocks.reduce((said, block) => said + likeness(block, nameOf), last + role))
      chain.push(last)
    })
    return chain
  }

  #of(model: string): Known[] {
    const known = this.#known.get(model) ?? []
    this.#known.set(model, known)
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

function sharedLength(left: readonly Message[], right: readonly Message[]): number {
  const most = Math.min(left.length, right.length)
  let shared = 0
  while (shared < most && isSameMessage(left[shared], right[shared])) shared++
  return shared
}

function isSameMessage(left: Message | undefined, right: Message | undefined): boolean {
  if (left === right) return true
  if (left?.role !== right?.role || left?.blocks.length !== right?.blocks.length) return false
  return left?.blocks.every((block, index) => isSameBlock(block, right?.blocks[index])) ?? false
}

/** What most blocks are is told apart at once: every message is looked at in every request. */
function isSameBlock(left: Block, right: Block | undefined): boolean {
  if (left.kind === 'text') return right?.kind === 'text' && left.text === right.text
  // Blocks are plain data.
  return right !== undefined && isEqual(left as unknown as Json, right as unknown as Json)
}

/** All that counts in a block, each part told apart from the next; not as JSON, which takes longer. */
function likeness(block: Block, nameOf: (id: string) => string): string {
  switch (block.kind) {
    case 'text':
      return ` text ${block.text.length} ${block.text}`
    case 'tool-call':
      return ` call ${nameOf(block.id)} ${JSON.stringify([block.name, block.input])}`
    case 'tool-result': {
      const { id, failed, text, others } = block
      return ` result ${nameOf(id)} ${failed} ${text.length} ${text}${others ? JSON.stringify(others) : ''}`
    }
    case 'other':
      return ` other ${JSON.stringify(block)}`
  }
}

/** Of plain data; the order of fields counts, as it does for what is sent. */
function isEqual(left: Json, right: Json): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  const [keys, others] = [Object.keys(left), Object.keys(right)]
  if (keys.length !== others.length || Array.isArray(left) !== Array.isArray(right)) return false
  type Fields = Readonly<Record<string, Json>>
  return keys.every(
    (key, at) => key === others[at] && isEqual((left as Fields)[key] as Json, (right as Fields)[key] as Json),
  )
}
