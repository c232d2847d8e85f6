/**
 * What of an answer on this wire a client can know when only its beginning came. Apart, because it reads what `answer.ts`
 * writes, to any length.
 */
import type { ToolUse } from '../../../contracts/conversation.js'
import type { Arrived } from '../../../contracts/failure.js'
import { type Piece, readPrefix } from '../../../contracts/json-prefix.js'
import { parseArguments } from '../fields.js'

interface OpenCall {
  readonly id: string
  readonly name: string
  readonly kind: 'function_call' | 'custom_tool_call'
  input: string
}

interface CallEvent {
  readonly type: string
  readonly delta?: string
  readonly item?: {
    readonly type: string
    readonly call_id?: string
    readonly name?: string
    readonly namespace?: string
  }
}

/** An event counts once the blank line behind it came, as the standard of server-sent events has it. */
export function arrivedOfStream(bytes: string): Arrived {
  const reader = new StreamReader()
  for (const event of bytes.split('\n\n').slice(0, -1)) {
    const data = /^data: (.*)$/m.exec(event)?.[1]
    if (data !== undefined) reader.read(JSON.parse(data) as CallEvent)
  }
  return reader.arrived()
}

class StreamReader {
  #text = ''
  readonly #toolCalls: ToolUse[] = []
  #open: OpenCall | undefined

  read({ type, delta = '', item }: CallEvent): void {
    switch (type) {
      case 'response.output_item.added':
        this.#open = item && openCall(item)
        break
      case 'response.output_text.delta':
      case 'response.refusal.delta':
        this.#text += delta
        break
      case 'response.function_call_arguments.delta':
      case 'response.custom_tool_call_input.delta':
        if (this.#open) this.#open.input += delta
        break
      case 'response.function_call_arguments.done':
      case 'response.custom_tool_call_input.done':
        if (this.#open) this.#toolCalls.push(wholeCall(this.#open))
        this.#open = undefined
        break
      default:
    }
  }

  arrived(): Arrived {
    const { id, name, input } = this.#open ?? {}
    const partial = id !== undefined && name !== undefined && input !== undefined && { partial: { id, name, input } }
    return { text: this.#text, toolCalls: this.#toolCalls, ...partial }
  }
}

function openCall({ type, call_id: id = '', name = '', namespace }: NonNullable<CallEvent['item']>) {
  if (type !== 'function_call' && type !== 'custom_tool_call') return undefined
  return { id, name: nameIn(namespace, name), kind: type, input: '' } as const
}

/** As the model knows it. */
function nameIn(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}.${name}`
}

function wholeCall({ id, name, kind, input }: OpenCall): ToolUse {
  return { id, name, input: kind === 'custom_tool_call' ? input : parseArguments(input) }
}

/** A body that breaks off is no JSON, but a client may read what came of it. */
export function arrivedOfJson(bytes: string): Arrived {
  const toolCalls: ToolUse[] = []
  let text = ''
  let partial: Arrived['partial']
  for (const { fields = {} } of readPrefix(bytes).fields?.output?.items ?? []) {
    for (const { fields: part = {} } of fields.content?.items ?? []) text += textIn(part.text) + textIn(part.refusal)
    const call = callIn(fields)
    if (!call) continue
    const input = fields.arguments ?? fields.input
    if (input?.whole) toolCalls.push(wholeCall({ ...call, input: textIn(input) }))
    else partial = { id: call.id, name: call.name, input: textIn(input) }
  }
  return { text, toolCalls, ...(partial && { partial }) }
}

/** Its input comes last, so that nothing more is to come of its name. */
function callIn(fields: Readonly<Record<string, Piece>>): OpenCall | undefined {
  const { type, call_id: id, name, namespace, arguments: args, input } = fields
  const kind = textIn(type)
  if ((kind !== 'function_call' && kind !== 'custom_tool_call') || !name?.whole || !(args ?? input)) return undefined
  return { id: textIn(id), name: nameIn(namespace && textIn(namespace), textIn(name)), kind, input: '' }
}

function textIn(piece: Piece | undefined): string {
  return typeof piece?.value === 'string' ? piece.value : ''
}
