/**
 * The cursor over a plan's text. It stands apart from the grammar so that the grammar reads like one. White space,
 * comments, positions and the wording of refusals are dealt with here.
 */
import { clip, quote } from './quote.js'

/** Why a text is not a plan, and where. `message` holds the rule, what was expected and what came. */
export interface NotationError {
  readonly message: string
  /** In UTF-16 units, from 0 to the length of the text. */
  readonly offset: number
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units. */
  readonly column: number
  /** What stood there: a piece of the text, `end of line` or `end of text`. */
  readonly got: string
  /** Names that would have been valid there, for the caller's "did you mean". */
  readonly candidates: readonly string[]
}

/** How a refusal leaves the grammar; it never leaves `decodePlan`. */
export class NotationRefusal extends Error {
  readonly #error: NotationError
  constructor(error: NotationError) {
    super(error.message)
    this.#error = error
  }
  /** What a thrown value refuses; `undefined` for any other error. */
  static in(thrown: unknown): NotationError | undefined {
    return typeof thrown === 'object' && thrown !== null && #error in thrown ? thrown.#error : undefined
  }
}

/** What came where something else was expected: `at` and `got` default to the next token, `shown` to `got` in quotes. */
interface Came {
  readonly at?: number
  readonly got?: string
  readonly shown?: string
  readonly candidates?: readonly string[]
}

/** Brackets nest no deeper, so that no text can exhaust the stack. */
const nestingMax = 64

export class Scanner {
  readonly #text: string
  #offset = 0
  /** Where the last token ended, before the white space that follows it. */
  #end = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  /** Where the next token starts. */
  here(): number {
    while (this.#skipBlanks() || this.#skipComment()) {}
    return this.#offset
  }

  /** Where the cursor stands, be it in white space or inside a string. */
  get offset(): number {
    return this.#offset
  }

  /** The character at the cursor, white space included; empty at the end of the text. */
  next(): string {
    return this.#text.charAt(this.#offset)
  }

  atEnd(): boolean {
    return this.here() === this.#text.length
  }

  /** Whether the next token begins with `literal`. */
  peek(literal: string): boolean {
    return this.#text.startsWith(literal, this.here())
  }

  /** Passes `literal` if it comes next. */
  take(literal: string): boolean {
    const taken = this.peek(literal)
    if (taken) this.advance(literal.length)
    return taken
  }

  /** What a sticky `pattern` finds at the next token, without passing it. */
  look(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.here()
    return pattern.exec(this.#text)?.[0]
  }

  /** What a sticky `pattern` finds at the next token, which it passes. */
  match(pattern: RegExp): string | undefined {
    const found = this.look(pattern)
    if (found !== undefined) this.advance(found.length)
    return found
  }

  /** Passes a `;` or a line break. */
  takeSeparator(): boolean {
    return this.match(/[;\r\n]/y) !== undefined
  }

  advance(length: number): void {
    this.#offset += length
    this.#end = this.#offset
  }

  /** The text from `start` to the end of the last token, or to `end`. */
  since(start: number, end = this.#end): string {
    return this.#text.slice(start, end)
  }

  /** Items parted by commas. Between the brackets a line break is white space. */
  list<T>(open: string, close: string, item: () => T): T[] {
    if (!this.peek(open)) throw this.refusal(quote(open))
    if (this.#depth === nestingMax) throw this.refusal(`brackets that nest at most ${nestingMax} deep`)
    this.take(open)
    this.#depth += 1
    const items: T[] = []
    if (!this.peek(close)) {
      do items.push(item())
      while (this.take(','))
    }
    if (!this.take(close)) throw this.refusal(`"," or "${close}"`)
    this.#depth -= 1
    return items
  }

  /** The error to throw: the rule as what was expected, what came, and where. */
  refusal(expected: string, { at = this.here(), got, shown, candidates = [] }: Came = {}): NotationRefusal {
    const token = got ?? this.#tokenAt(at)
    const edge = at < this.#text.length ? 'end of line' : 'end of text'
    const message = `expected ${expected}, got ${shown ?? (token === undefined ? edge : quote(clip(token)))}`
    const lines = this.#text.slice(0, at).split(/\r\n|\r|\n/)
    const column = (lines.at(-1)?.length ?? 0) + 1
    return new NotationRefusal({ message, offset: at, line: lines.length, column, got: token ?? edge, candidates })
  }

  #skipBlanks(): boolean {
    const blanks = this.#depth > 0 ? /\s+/y : /[^\S\r\n]+/y
    blanks.lastIndex = this.#offset
    if (!blanks.test(this.#text)) return false
    this.#offset = blanks.lastIndex
    return true
  }

  /** Only after white space or at a line's start, because addresses hold `//` too. */
  #skipComment(): boolean {
    if (!this.#text.startsWith('//', this.#offset)) return false
    if (this.#offset > 0 && !/\s/.test(this.#text.charAt(this.#offset - 1))) return false
    const rest = /[^\r\n]*/y
    rest.lastIndex = this.#offset
    rest.test(this.#text)
    this.#offset = rest.lastIndex
    return true
  }

  /** What to call that which stands at `at`; `undefined` at the end of a line. */
  #tokenAt(at: number): string | undefined {
    const token = /[\p{L}\p{Nd}._*/-]+|[^\r\n]/uy
    token.lastIndex = at
    return token.exec(this.#text)?.[0]
  }
}
