/**
 * Conversations that the endpoint keeps under ids of their own. Agents put items into one, and so does each response in it. Apart
 * from responses, because a conversation is one list that changes, and a response never does.
 */
import type { Json } from '../../../../faults/json.js'
import { invalid } from '../error.js'
import { numberedId, secondOf } from '../ids.js'
import type { Item } from './items.js'

export interface KeptConversation {
  readonly id: string
  readonly created: number
  metadata: Json
  /** What was put in at once: by the agent, or by a response, which may yet fail. */
  entries: readonly { readonly response: string | null; readonly items: readonly Item[] }[]
}

/** How ids of items begin; of all others with `item`. */
const prefixes: Readonly<Record<string, string>> = {
  message: 'msg_',
  reasoning: 'rs_',
  function_call: 'fc_',
  function_call_output: 'fco_',
  custom_tool_call: 'ctc_',
  custom_tool_call_output: 'ctco_',
}

export class KeptConversations {
  readonly #all: Map<string, KeptConversation>
  #made: number
  #items: number

  constructor(memory: Json) {
    const { all = [], made = 0, items = 0 } = (memory ?? {}) as { all?: Json; made?: number; items?: number }
    this.#all = new Map((all as unknown as KeptConversation[]).map((one) => [one.id, one]))
    this.#made = made
    this.#items = items
  }

  /** Plain data, for the constructor. */
  snapshot(): Json {
    return JSON.parse(JSON.stringify({ all: [...this.#all.values()], made: this.#made, items: this.#items })) as Json
  }

  /** Under the first of `ids` that none had before; else under one of its own. */
  create(items: readonly Item[], metadata: Json, ids: readonly string[]): KeptConversation {
    const number = ++this.#made
    const id = ids.find((one) => !this.#all.has(one)) ?? numberedId('conv_', number, 48)
    const made: KeptConversation = { id, created: secondOf(number), metadata, entries: [] }
    this.#all.set(id, made)
    this.add(id, null, items)
    return made
  }

  /** Refuses an id that is not kept. */
  find(id: string): KeptConversation {
    const found = this.#all.get(id)
    if (found) return found
    const message = `Conversation with id '${id}' not found.`
    throw invalid(message, { status: 404, param: 'conversation', reason: 'unknown-item' })
  }

  itemsOf(id: string): readonly Item[] {
    return this.find(id).entries.flatMap(({ items }) => items)
  }

  /** An item of any conversation; `undefined` where none is kept under the id. */
  item(id: string): Item | undefined {
    for (const { entries } of this.#all.values()) {
      for (const { items } of entries) {
        const found = items.find((item) => item.id === id)
        if (found) return found
      }
    }
    return undefined
  }

  /** Gives them as they are kept, each under an id. */
  add(id: string, response: string | null, items: readonly Item[]): readonly Item[] {
    const found = this.find(id)
    const kept = items.map((item) => this.#whole(item))
    found.entries = [...found.entries, { response, items: kept }]
    return kept
  }

  /** A response that failed on its way has put nothing in. */
  drop(response: string): void {
    for (const one of this.#all.values()) one.entries = one.entries.filter((entry) => entry.response !== response)
  }

  delete(id: string): void {
    this.find(id)
    this.#all.delete(id)
  }

  deleteItem(id: string, item: string): void {
    const found = this.find(id)
    found.entries = found.entries.map(({ response, items }) => ({
      response,
      items: items.filter((one) => one.id !== item),
    }))
  }

  /** As the endpoint gives it out: a message's words as a list of parts. */
  #whole(item: Item): Item {
    const { type = 'message', content, role } = item
    const id = item.id ?? numberedId(prefixes[String(type)] ?? 'item_', ++this.#items, 48)
    if (type !== 'message') return { ...item, id }
    const kind = role === 'assistant' ? 'output_text' : 'input_text'
    const parts = typeof content === 'string' ? [{ type: kind, text: content }] : (content as Json)
    return { type, status: 'completed', ...item, id, content: parts }
  }
}
