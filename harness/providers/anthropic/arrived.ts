/**
 * What of an answer on this wire a client can know when only its beginning came. Apart, because it reads what `answer.ts`
 * writes, to any length: the events of a stream that came whole, or a body that breaks off anywhere.
 */
import type { Json } from '../../../faults/json.js'
import type { ToolUse } from '../../contracts/conversation.js'
import type { Arrived } from '../../contracts/failure.js'
import { type Piece, readPrefix } from '../../contracts/json-prefix.js'

/** An event counts once the blank line behind it came, as the standard of server-sent events has it. */
export function arrivedOfStream(bytes: string): Arrived {
  const reader = new StreamReader()
  const events = bytes.split('\n\n')
  for (const event of events.slice(0, -1)) {
    const data = /^data: (.*)$/m.exec(event)?.[1]
    if (data !== undefined) reader.read(JSON.parse(data) as StreamEvent)
  }
  return reader.arrived()
}

interface StreamEvent {
  readonly type: string
  readonly content_block?: { readonly type: string; readonly id?: string; readonly name?: string }
  readonly delta?: { readonly text?: string; readonly partial_json?: string }
}

class StreamReader {
  #text = ''
  readonly #toolCalls: ToolUse[] = []
  #open: { readonly id: string; readonly name: string; input: string } | undefined

  read({ type, content_block: block, delta }: StreamEvent): void {
    if (type === 'content_block_start' && block?.type === 'tool_use') {
      this.#open = { id: block.id ?? '', name: block.name ?? '', input: '' }
    } else if (type === 'content_block_delta') {
      this.#text += delta?.text ?? ''
      if (this.#open) this.#open.input += delta?.partial_json ?? ''
    } else if (type === 'content_block_stop' && this.#open) {
      this.#toolCalls.push({ ...this.#open, input: parseInput(this.#open.input) })
      this.#open = undefined
    }
  }

  arrived(): Arrived {
    return { text: this.#text, toolCalls: this.#toolCalls, ...(this.#open && { partial: this.#open }) }
  }
}

/** The text itself where it is no JSON. The API streams nothing of an input that is empty. */
function parseInput(text: string): Json {
  if (text === '') return {}
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}

/** A body that breaks off is no JSON, but a client may read what came of it. */
export function arrivedOfJson(bytes: string): Arrived {
  const blocks = readPrefix(bytes).fields?.content?.items ?? []
  const toolCalls: ToolUse[] = []
  let text = ''
  let partial: Arrived['partial']
  for (const { whole, fields = {} } of blocks) {
    text += textIn(fields.text)
    const { id, name, input } = fields
    // Tools that the API runs itself are no calls of the agent's.
    if (fields.type?.value !== 'tool_use' || !name?.whole) continue
    const call = { id: textIn(id), name: textIn(name) }
    if (whole || input?.whole) toolCalls.push({ ...call, input: input?.value ?? null })
    else partial = { ...call, input: input ? bytes.slice(input.from) : '' }
  }
  return { text, toolCalls, ...(partial && { partial }) }
}

function textIn(piece: Piece | undefined): string {
  return typeof piece?.value === 'string' ? piece.value : ''
}
