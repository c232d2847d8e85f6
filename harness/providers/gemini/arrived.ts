/**
 * What of an answer on this wire a client can know when only its beginning came. Apart, because it reads what `answer.ts`
 * writes, to any length.
 */
import type { ToolUse } from '../../contracts/conversation.js'
import type { Arrived } from '../../contracts/failure.js'
import { type Piece, readPrefix } from '../../contracts/json-prefix.js'
import type { Form } from './error.js'

/** `ids` are those of the answer's calls, in order: many models put none on the wire. */
export function arrivedOf(bytes: string, form: Form, ids: readonly string[]): Arrived {
  const reader = new PiecesReader(ids)
  for (const [text, piece] of responsesIn(bytes, form)) reader.read(piece, text)
  return reader.arrived()
}

/** The responses of which something came, and the text that each stands in. */
function responsesIn(bytes: string, form: Form): (readonly [string, Piece])[] {
  switch (form) {
    // An event counts once the blank line behind it came, as the standard of server-sent events has it.
    case 'sse':
      return [...bytes.matchAll(/^data: (.*)\r?\n\r?\n/gm)].map(([, data = '']) => [data, readPrefix(data)])
    // Line breaks and keep-alives stand between the items, and nowhere in them.
    case 'list': {
      const text = bytes.replace(/[\r\n]/g, '')
      return (readPrefix(text).items ?? []).map((item) => [text, item])
    }
    case 'json': {
      const text = bytes.replace(/[\r\n]/g, '')
      return [[text, readPrefix(text)]]
    }
  }
}

class PiecesReader {
  readonly #ids: readonly string[]
  readonly #toolCalls: ToolUse[] = []
  #text = ''
  #partial: Arrived['partial']

  constructor(ids: readonly string[]) {
    this.#ids = ids
  }

  read(response: Piece, from: string): void {
    const parts = response.fields?.candidates?.items?.[0]?.fields?.content?.fields?.parts?.items ?? []
    for (const { fields = {} } of parts) {
      if (fields.functionCall) this.#readCall(fields.functionCall, from)
      else if (fields.thought === undefined && typeof fields.text?.value === 'string') this.#text += fields.text.value
    }
  }

  /** The API may leave out `args` where there are none. */
  #readCall({ whole, fields = {} }: Piece, from: string): void {
    const { id, name, args } = fields
    if (!name?.whole) return
    const known = typeof id?.value === 'string' ? id.value : ''
    const call = { id: this.#ids[this.#toolCalls.length] ?? known, name: String(name.value) }
    if (args?.whole || whole) this.#toolCalls.push({ ...call, input: args?.value ?? {} })
    else this.#partial = { ...call, input: args ? from.slice(args.from) : '' }
  }

  arrived(): Arrived {
    return { text: this.#text, toolCalls: this.#toolCalls, ...(this.#partial && { partial: this.#partial }) }
  }
}
