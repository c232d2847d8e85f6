/**
 * Parses bodies of which each repeats an earlier one but for what was added to one list, as the requests of a
 * conversation do. Only what is new is parsed, and all else is the very value of before. So a long conversation costs
 * what it holds, and not its square.
 */
import type { Json } from '../../faults/json.js'
import { isRecord } from '../contracts/checks.js'
import { parseShallow } from '../contracts/json-text.js'

type Fields = Readonly<Record<string, Json>>

interface Body {
  readonly text: string
  readonly value: Fields
  /** The text up to the end of the list, and from its bracket on. */
  readonly head: string
  readonly tail: string
}

/** Conversations that go on side by side. */
const keptMost = 8

export class GrowingBodies {
  readonly #list: string
  /** The latest last. */
  #kept: readonly Body[] = []

  /** `list` is the field of the body that grows. */
  constructor(list: string) {
    this.#list = list
  }

  /** As `parseShallow`; the value is shared with later ones, and must stay as it is. */
  parse(text: string): unknown {
    for (const body of this.#kept) {
      if (body.text === text) return body.value
      const value = this.#grow(body, text)
      if (!value) continue
      this.#keep({ text, value, tail: body.tail, head: text.slice(0, text.length - body.tail.length) }, body)
      return value
    }
    const value = parseShallow(text)
    if (isRecord(value)) {
      const head = this.#headOf(value, text)
      if (head !== undefined) this.#keep({ text, value, head, tail: text.slice(head.length) })
    }
    return value
  }

  #keep(body: Body, inPlaceOf?: Body): void {
    this.#kept = [...this.#kept.filter((other) => other !== inPlaceOf), body].slice(-keptMost)
  }

  /** The value of a text that adds items at the end of the list, if that is what it does. */
  #grow({ value, head, tail }: Body, text: string): Fields | undefined {
    const end = text.length - tail.length
    if (end <= head.length || text[head.length] !== ',') return undefined
    // Whole strings are compared many times faster than `startsWith` looks at their characters.
    if (text.slice(end) !== tail || text.slice(0, head.length) !== head) return undefined
    try {
      const items = parseShallow(`[${text.slice(head.length + 1, end)}]`) as Json[]
      return items.length === 0 ? undefined : { ...value, [this.#list]: [...(value[this.#list] as Json[]), ...items] }
    } catch {
      return undefined
    }
  }

  /** The text up to the bracket that closes the list; only of a text that is as `JSON.stringify` writes it. */
  #headOf(value: Fields, text: string): string | undefined {
    const list = value[this.#list]
    if (!Array.isArray(list) || list.length === 0) return undefined
    let written = ''
    let length = 0
    for (const [name, field] of Object.entries(value)) {
      written += `${written === '' ? '{' : ','}${JSON.stringify(name)}:${JSON.stringify(field)}`
      if (name === this.#list) length = written.length - 1
    }
    return `${written}}` === text ? text.slice(0, length) : undefined
  }
}
