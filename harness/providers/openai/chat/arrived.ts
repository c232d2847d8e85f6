/**
 * What of an answer on this wire a client can know when only its beginning came. Apart, because it reads what `answer.ts`
 * writes, to any length. Nothing ends a call but the next one, or the reason why the answer ended.
 */
import type { ToolUse } from '../../../contracts/conversation.js'
import type { Arrived } from '../../../contracts/failure.js'
import { type Piece, readPrefix } from '../../../contracts/json-prefix.js'
import { parseArguments } from '../fields.js'

interface OpenCall {
  readonly id: string
  readonly name: string
  readonly kind: 'function' | 'custom'
  input: string
}

interface Delta {
  readonly content?: string | null
  readonly refusal?: string | null
  readonly tool_calls?: readonly {
    readonly index: number
    readonly id?: string
    readonly function?: { readonly name?: string; readonly arguments?: string }
    readonly custom?: { readonly name?: string; readonly input?: string }
  }[]
}

interface Chunk {
  readonly choices?: readonly { readonly delta: Delta; readonly finish_reason: string | null }[]
}

/** An event counts once the blank line behind it came, as the standard of server-sent events has it. */
export function arrivedOfStream(bytes: string): Arrived {
  const calls: OpenCall[] = []
  let text = ''
  let finished = false
  for (const event of bytes.split('\n\n').slice(0, -1)) {
    const data = /^data: (\{.*)$/m.exec(event)?.[1]
    const choice = data === undefined ? undefined : (JSON.parse(data) as Chunk).choices?.[0]
    if (!choice) continue
    text += (choice.delta.content ?? '') + (choice.delta.refusal ?? '')
    for (const call of choice.delta.tool_calls ?? []) take(call, calls)
    finished ||= choice.finish_reason !== null
  }
  const open = finished ? undefined : calls.pop()
  return {
    text,
    toolCalls: calls.map(wholeCall),
    ...(open && { partial: { id: open.id, name: open.name, input: open.input } }),
  }
}

function take({ index, id, ...of }: NonNullable<Delta['tool_calls']>[number], calls: OpenCall[]): void {
  const name = of.function?.name ?? of.custom?.name
  if (id !== undefined && name !== undefined) {
    calls[index] = { id, name, kind: of.custom ? 'custom' : 'function', input: '' }
  }
  const call = calls[index]
  if (call) call.input += of.function?.arguments ?? of.custom?.input ?? ''
}

function wholeCall({ id, name, kind, input }: OpenCall): ToolUse {
  return { id, name, input: kind === 'custom' ? input : parseArguments(input) }
}

/** A body that breaks off is no JSON, but a client may read what came of it. */
export function arrivedOfJson(bytes: string): Arrived {
  const message = readPrefix(bytes).fields?.choices?.items?.[0]?.fields?.message?.fields ?? {}
  const toolCalls: ToolUse[] = []
  let partial: Arrived['partial']
  for (const { fields = {} } of message.tool_calls?.items ?? []) {
    const of = fields.function?.fields ?? fields.custom?.fields
    if (!of?.name?.whole) continue
    const kind = fields.custom ? 'custom' : 'function'
    const input = kind === 'custom' ? of.input : of.arguments
    const call: OpenCall = { id: textIn(fields.id), name: textIn(of.name), kind, input: textIn(input) }
    if (input?.whole) toolCalls.push(wholeCall(call))
    else partial = { id: call.id, name: call.name, input: call.input }
  }
  return { text: textIn(message.content) + textIn(message.refusal), toolCalls, ...(partial && { partial }) }
}

function textIn(piece: Piece | undefined): string {
  return typeof piece?.value === 'string' ? piece.value : ''
}
