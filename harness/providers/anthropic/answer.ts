/**
 * The model's answer on Anthropic's wire: one JSON body, or the events of a stream, one chunk each. Fields are those that
 * the API sends, and no others: strict clients refuse `null` where the API leaves a field out.
 */
import type { Reply, StopReason, Usage } from '../../contracts/conversation.js'
import type { WireAnswer } from '../../contracts/provider.js'
import { fragments } from '../fragments.js'

/** All that an answer is made of. */
export interface AnswerFacts {
  readonly messageId: string
  readonly requestId: string
  readonly model: string
  readonly reply: Reply
  readonly usage: Usage
}

/** One JSON body. */
export function jsonAnswer(facts: AnswerFacts): WireAnswer {
  const { reply, usage, requestId } = facts
  const content = reply.blocks.map((block) =>
    block.kind === 'text'
      ? { type: 'text', text: block.text }
      : { type: 'tool_use', id: block.id, name: block.name, input: block.input },
  )
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'request-id': requestId },
    chunks: [JSON.stringify(message(facts, content, stopReasons[reply.stop], usage.outputTokens))],
  }
}

/** In the order in which the API sends its events. `stop_reason` is null until `message_delta`. */
export function streamAnswer(facts: AnswerFacts): WireAnswer {
  const { reply, usage, requestId } = facts
  const chunks = [event({ type: 'message_start', message: message(facts, [], null, 1) })]
  reply.blocks.forEach((block, index) => {
    chunks.push(...blockEvents(block, index))
  })
  const delta = { stop_reason: stopReasons[reply.stop], stop_sequence: null, stop_details: null }
  chunks.push(
    event({ type: 'message_delta', delta, usage: tokens(usage, usage.outputTokens) }),
    event({ type: 'message_stop' }),
  )
  return {
    status: 200,
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'request-id': requestId,
    },
    chunks,
  }
}

/** A keep-alive. */
export const pingEvent = 'event: ping\ndata: {"type":"ping"}\n\n'

export const stopReasons: Readonly<Record<StopReason, string>> = {
  'end-turn': 'end_turn',
  'tool-use': 'tool_use',
  'max-tokens': 'max_tokens',
  refusal: 'refusal',
}

/** A literal, field by field: JSON.stringify takes six times as long over an object made by spreading. */
function message(
  { messageId, model, usage }: AnswerFacts,
  content: object[],
  stop: string | null,
  outputTokens: number,
): object {
  return {
    id: messageId,
    type: 'message',
    role: 'assistant',
    model,
    content,
    stop_reason: stop,
    stop_sequence: null,
    stop_details: null,
    usage: { ...tokens(usage, outputTokens), service_tier: 'standard' },
  }
}

function tokens({ inputTokens }: Usage, outputTokens: number): object {
  return {
    input_tokens: inputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: outputTokens,
  }
}

function blockEvents(block: Reply['blocks'][number], index: number): string[] {
  const text = block.kind === 'text'
  const empty = text ? { type: 'text', text: '' } : { type: 'tool_use', id: block.id, name: block.name, input: {} }
  const deltas = text
    ? fragments(block.text).map((part) => ({ type: 'text_delta', text: part }))
    : ['', ...fragments(JSON.stringify(block.input))].map((part) => ({ type: 'input_json_delta', partial_json: part }))
  return [
    event({ type: 'content_block_start', index, content_block: empty }),
    ...deltas.map((delta) => event({ type: 'content_block_delta', index, delta })),
    event({ type: 'content_block_stop', index }),
  ]
}

function event(data: { readonly type: string; readonly [field: string]: unknown }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`
}
