/**
 * What the endpoint keeps between requests: responses that may be gone on from, and the items in them, each under its id. A
 * response keeps what it added alone, and the one before it, so that a long chain costs what it holds.
 */
import type { Json } from '../../../../faults/json.js'
import { invalid } from '../error.js'
import { KeptConversations } from './conversations.js'
import type { Item } from './items.js'

export interface KeptResponse {
  readonly previous: string | null
  /** What its request added, and its answer. */
  readonly input: readonly Item[]
  readonly output: readonly Item[]
}

/** Where a response is kept. */
export interface Keeping {
  readonly stores: boolean
  readonly conversation: string | null
}

/** An item, and the reasoning that it came out of, without which it cannot be sent back. */
interface KeptItem {
  readonly item: Item
  readonly reasoning: string | undefined
}

export class ResponseStore {
  readonly conversations: KeptConversations
  readonly #responses: Map<string, KeptResponse>
  readonly #items = new Map<string, KeptItem>()

  constructor(memory: Json) {
    const { responses = [], conversations = {} } = memory as { responses?: Json; conversations?: Json }
    this.#responses = new Map(responses as unknown as [string, KeptResponse][])
    this.conversations = new KeptConversations(conversations)
    for (const { output } of this.#responses.values()) this.#keepItems(output)
  }

  /** Plain data, for the constructor. */
  snapshot(): Json {
    const responses = JSON.parse(JSON.stringify([...this.#responses])) as Json
    return { responses, conversations: this.conversations.snapshot() }
  }

  has(id: string): boolean {
    return this.#responses.has(id)
  }

  /** `stores`: whether it may be gone on from. A conversation takes it in all the same. */
  keep(id: string, { stores, conversation, ...response }: KeptResponse & Keeping): void {
    if (conversation !== null) this.conversations.add(conversation, id, [...response.input, ...response.output])
    if (!stores) return
    this.#responses.set(id, response)
    this.#keepItems(response.output)
  }

  /** A response that failed on its way is none to go on from. */
  drop(id: string): void {
    this.conversations.drop(id)
    for (const { id: item } of this.#responses.get(id)?.output ?? []) this.#items.delete(String(item))
    this.#responses.delete(id)
  }

  /** All items up to a response and with it; refuses an id that is not kept. */
  itemsUpTo(id: string): readonly Item[] {
    const chain: KeptResponse[] = []
    for (let at: string | null = id; at !== null; at = chain.at(-1)?.previous ?? null) {
      const response = this.#responses.get(at)
      if (!response) throw unknownError(id)
      chain.push(response)
    }
    return chain.reverse().flatMap(({ input, output }) => [...input, ...output])
  }

  /** An item that an answer had; `undefined` where none is kept under the id. */
  item(id: string): KeptItem | undefined {
    const item = this.conversations.item(id)
    return this.#items.get(id) ?? (item && { item, reasoning: undefined })
  }

  /** What follows reasoning came out of it, and so did it alone. */
  #keepItems(output: readonly Item[]): void {
    output.forEach((item, index) => {
      const before = output[index - 1]
      const reasoning = before?.type === 'reasoning' ? String(before.id) : undefined
      this.#items.set(String(item.id), { item, reasoning })
    })
  }
}

function unknownError(id: string): Error {
  return invalid(`Previous response with id '${id}' not found.`, {
    param: 'previous_response_id',
    code: 'previous_response_not_found',
    reason: 'unknown-item',
  })
}
