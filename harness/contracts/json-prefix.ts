/**
 * Reads JSON of which only the beginning came: what is there, where it stands, and whether it came whole. For providers,
 * whose answers are cut anywhere.
 */
import type { Json } from '../../faults/json.js'

/** A value of which the beginning came at least. */
export interface Piece {
  /** What can be known of it: of a text its beginning, of lists and records what of them came. */
  readonly value: Json | undefined
  /** Whether its end came too. */
  readonly whole: boolean
  /** Where it begins in the text. */
  readonly from: number
  /** Of records. */
  readonly fields?: Readonly<Record<string, Piece>>
  /** Of lists. */
  readonly items?: readonly Piece[]
}

/** `text` is the beginning of JSON, to any length. */
export function readPrefix(text: string): Piece {
  return new PrefixReader(text).read()
}

/** Characters that end a number or a word. */
const ends = /[,\]}\s]/
const spaces = new Set([' ', '\n', '\r', '\t'])

class PrefixReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  read(): Piece {
    this.#skipSpace()
    switch (this.#text[this.#at]) {
      case '{':
        return this.#record()
      case '[':
        return this.#list()
      case '"':
        return this.#string()
      default:
        return this.#word()
    }
  }

  #record(): Piece {
    const from = this.#at++
    const fields: Record<string, Piece> = Object.create(null) as Record<string, Piece>
    let whole = this.#skip('}')
    while (!whole && this.#at < this.#text.length) {
      const key = this.#string()
      if (!key.whole || !this.#skip(':') || this.#at >= this.#text.length) break
      fields[String(key.value)] = this.read()
      whole = this.#skip('}')
      if (!whole && !this.#skip(',')) break
    }
    const known = Object.entries(fields).filter(([, { value }]) => value !== undefined)
    const value = Object.fromEntries(known.map(([name, field]) => [name, field.value as Json]))
    return { value, whole, from, fields }
  }

  #list(): Piece {
    const from = this.#at++
    const items: Piece[] = []
    let whole = this.#skip(']')
    while (!whole && this.#at < this.#text.length) {
      items.push(this.read())
      whole = this.#skip(']')
      if (!whole && !this.#skip(',')) break
    }
    return { value: items.flatMap(({ value }) => (value === undefined ? [] : [value])), whole, from, items }
  }

  /** An escape that did not come whole is left out, and so is half a character. */
  #string(): Piece {
    const from = this.#at
    let to = from + 1
    while (to < this.#text.length && this.#text[to] !== '"') to += this.#text[to] === '\\' ? 2 : 1
    const whole = to < this.#text.length
    this.#at = whole ? to + 1 : this.#text.length
    const inside = this.#text.slice(from + 1, whole ? to : undefined)
    const value = JSON.parse(`"${whole ? inside : inside.replace(brokenEscape, '')}"`) as string
    return { value: whole ? value : value.replace(halfCharacter, ''), whole, from }
  }

  /** A number, or `true`, `false` or `null`: only what stands behind it says that it came whole. */
  #word(): Piece {
    const from = this.#at
    while (this.#at < this.#text.length && !ends.test(this.#text[this.#at] ?? '')) this.#at++
    const whole = this.#at < this.#text.length
    return { value: whole ? (JSON.parse(this.#text.slice(from, this.#at)) as Json) : undefined, whole, from }
  }

  /** With the space around it. */
  #skip(character: string): boolean {
    this.#skipSpace()
    if (this.#text[this.#at] !== character) return false
    this.#at++
    this.#skipSpace()
    return true
  }

  #skipSpace(): void {
    while (spaces.has(this.#text[this.#at] ?? '')) this.#at++
  }
}

const brokenEscape = /(?<=(?:^|[^\\])(?:\\\\)*)\\(?:u[0-9a-fA-F]{0,3})?$/
const halfCharacter = /[\ud800-\udbff]$/
