/**
 * Ids of tool calls as the agent gets them. A vendor's model that is asked anew never gives the same id again, whatever
 * the conversation; a simulated model's own ids follow from the conversation, for by them it finds its place. So each
 * sampling's calls go out under new ids. They are the same in every run of a trial, and outlive a crash of the agent.
 * A reply that was recorded goes out under the vendor's ids the first time, for services may have been told of them.
 */
import type { Block, Conversation, Message, Reply } from '../../contracts/conversation.js'
import type { CallIds } from '../../contracts/provider.js'

/** What was issued, in order: the id on the wire, and the model's own. */
export type IssuedIdsSnapshot = readonly (readonly [string, string])[]

export class IssuedIds {
  readonly #own: Map<string, string>
  /** Of these, the vendor's. */
  readonly #given: Set<string>
  /** Messages that were seen before: the requests of a conversation share them. */
  readonly #known = new WeakMap<Message, Message>()

  constructor(before: IssuedIdsSnapshot = []) {
    this.#own = new Map(before)
    this.#given = new Set([...this.#own.keys()].filter((id) => !this.#holdsIssued(id)))
  }

  snapshot(): IssuedIdsSnapshot {
    return [...this.#own]
  }

  /** The reply as the agent is to see it: its calls under ids that no reply had before. */
  issue(reply: Reply, { write }: CallIds): Reply {
    const blocks = reply.blocks.map((block) => {
      if (block.kind === 'text') return block
      const id = this.#give(reply.ids?.calls?.[block.id]) ?? write(issuedId(this.#own.size))
      this.#own.set(id, block.id)
      return { ...block, id }
    })
    return { ...reply, blocks }
  }

  /** `undefined` for an id that went out before, or that nobody would find again in a text. */
  #give(id: string | undefined): string | undefined {
    if (id === undefined || this.#own.has(id) || !/^[\w-]+$/.test(id)) return undefined
    this.#given.add(id)
    return id
  }

  /** The conversation with the model's own ids. */
  asModelKnows(conversation: Conversation, { read }: CallIds): Conversation {
    const own = <B extends Block>(block: B): B => {
      if (block.kind !== 'tool-call' && block.kind !== 'tool-result') return block
      return { ...block, id: this.#own.get(block.id) ?? read(block.id) }
    }
    const rename = (message: Message): Message => {
      const known = this.#known.get(message)
      if (known) return known
      const renamed = { role: message.role, blocks: message.blocks.map(own) }
      this.#known.set(message, renamed)
      return renamed
    }
    return { ...conversation, messages: conversation.messages.map(rename) }
  }

  /**
   * The text with issued ids by the order in which they appear in it. So a request that is made again after the model
   * was asked anew is still equal to the first.
   */
  rename(text: string): string {
    const given = [...this.#given].filter((id) => text.includes(id))
    if (given.length === 0 && (this.#own.size === 0 || !text.includes(lead))) return text
    const names = new Map<string, string>()
    const any = given.length === 0 ? pattern : new RegExp([...given, pattern.source].join('|'), 'g')
    return text.replace(any, (id) => {
      if (!this.#given.has(id) && !this.#isIssued(id)) return id
      const name = names.get(id) ?? `call-${names.size + 1}`
      names.set(id, name)
      return name
    })
  }

  #holdsIssued(id: string): boolean {
    return (id.match(pattern) ?? []).some((part) => this.#isIssued(part))
  }

  #isIssued(id: string): boolean {
    const number = Number.parseInt(id.slice(lead.length, lead.length + digits), 36)
    return number < this.#own.size && id === issuedId(number)
  }
}

/** Rare in other texts, and cheap to look for. */
const lead = 'Zq'
const digits = 4
const letters = 16
const pattern = new RegExp(`${lead}[0-9a-z]{${digits}}[0-9A-Za-z]{${letters}}`, 'g')

const alphabet = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** 22 letters and digits, as a model's own; the number alone makes it unique, the rest looks like a vendor's. */
function issuedId(number: number): string {
  let draw = Math.imul(number + 1, 0x9e3779b1)
  let id = lead + number.toString(36).padStart(digits, '0')
  for (let index = 0; index < letters; index++) {
    draw = Math.imul(draw, 1664525) + 1013904223
    id += alphabet[(draw >>> 8) % alphabet.length]
  }
  return id
}
