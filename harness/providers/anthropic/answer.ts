/**
 * The model's answer on Anthropic's wire: one JSON body, or the events of a stream, one chunk each. Fields are those that
 * the API sends, and no others: strict clients refuse `null` where the API leaves a field out.
 */
import type { Json } from '../../../faults/json.js'
import type { Reply, StopReason, Usage } from '../../contracts/conversation.js'
import type { WireAnswer } from '../../contracts/provider.js'
import { fragments } from '../fragments.js'
import { readableInput, streamedInput } from './inputs.js'
import type { ThinkingBlock } from './thinking.js'

/** All that an answer is made of. */
export interface AnswerFacts {
  readonly messageId: string
  readonly requestId: string
  readonly model: string
  readonly reply: Reply
  readonly usage: Usage
  readonly thoughts?: ThinkingBlock | undefined
  /** One that the API runs, where the request offers any. */
  readonly serverTool?: string | undefined
  /** The tools whose input is streamed unchecked. */
  readonly unchecked?: readonly string[]
}

/** As the API has it. */
type ContentBlock = { readonly type: 'text'; readonly text: string } | ToolBlock | ThinkingBlock

interface ToolBlock {
  readonly type: 'tool_use' | 'server_tool_use'
  readonly id: string
  readonly name: string
  readonly input: Json
}

/** A block, and as what its input is streamed where that is not its JSON. */
interface Part {
  readonly block: ContentBlock
  readonly text?: string
}

/** One JSON body. */
export function jsonAnswer(facts: AnswerFacts): WireAnswer {
  const { usage, requestId } = facts
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'request-id': requestId },
    chunks: [JSON.stringify(message(facts, blocksOf(facts), stopReasonOf(facts), usage.outputTokens))],
  }
}

/** In the order in which the API sends its events. `stop_reason` is null until `message_delta`. */
export function streamAnswer(facts: AnswerFacts): WireAnswer {
  const { usage, requestId } = facts
  const chunks = [event({ type: 'message_start', message: message(facts, [], null, 1) })]
  partsOf(facts).forEach((part, index) => {
    chunks.push(...blockEvents(part, index))
  })
  const delta = { stop_reason: stopReasonOf(facts), stop_sequence: null, stop_details: null }
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
  'context-full': 'model_context_window_exceeded',
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

function blocksOf(facts: AnswerFacts): ContentBlock[] {
  return partsOf(facts).map(({ block }) => block)
}

function partsOf(facts: AnswerFacts): Part[] {
  const { reply, thoughts, serverTool, messageId, unchecked = [] } = facts
  const parts = reply.blocks.map((block): Part => {
    if (block.kind === 'text') return { block: { type: 'text', text: block.text } }
    const { id, name } = block
    if (block.kind === 'tool-call') return { block: { type: 'tool_use', id, name, input: block.input } }
    return {
      block: { type: 'tool_use', id, name, input: readableInput(block) },
      text: streamedInput(block, unchecked),
    }
  })
  const paused = serverTool !== undefined && isPaused(facts)
  const id = messageId.replace('msg_', 'srvtoolu_')
  return [
    ...(thoughts ? [{ block: thoughts }] : []),
    ...parts,
    ...(paused ? [{ block: { type: 'server_tool_use', id, name: serverTool, input: {} } } as const] : []),
  ]
}

/** An answer that ends for a tool and calls none waits for one that the API runs. */
function isPaused({ reply, serverTool }: AnswerFacts): boolean {
  return serverTool !== undefined && reply.stop === 'tool-use' && reply.blocks.every(({ kind }) => kind === 'text')
}

function stopReasonOf(facts: AnswerFacts): string {
  return isPaused(facts) ? 'pause_turn' : stopReasons[facts.reply.stop]
}

function blockEvents(part: Part, index: number): string[] {
  return [
    event({ type: 'content_block_start', index, content_block: withoutContent(part.block) }),
    ...deltasOf(part).map((delta) => event({ type: 'content_block_delta', index, delta })),
    event({ type: 'content_block_stop', index }),
  ]
}

/** As it is before anything of it came. */
function withoutContent(block: ContentBlock): ContentBlock {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: '' }
    case 'thinking':
      return { type: 'thinking', thinking: '', signature: '' }
    default:
      return { ...block, input: {} }
  }
}

function deltasOf({ block, text }: Part): object[] {
  switch (block.type) {
    case 'text':
      return fragments(block.text).map((text) => ({ type: 'text_delta', text }))
    case 'thinking': {
      const thoughts = block.thinking === '' ? [] : fragments(block.thinking)
      return [
        ...thoughts.map((thinking) => ({ type: 'thinking_delta', thinking })),
        { type: 'signature_delta', signature: block.signature },
      ]
    }
    default: {
      const json = text ?? JSON.stringify(block.input)
      const parts = ['', ...(json === '' ? [] : fragments(json))]
      return parts.map((partial_json) => ({ type: 'input_json_delta', partial_json }))
    }
  }
}

function event(data: { readonly type: string; readonly [field: string]: unknown }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`
}
