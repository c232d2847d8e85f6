/**
 * The model's answer on the wire of Chat Completions: one JSON body, or the events of a stream. What ends an answer is
 * one chunk: the reason, the usage where it is asked for, and `[DONE]`, without which nothing of the answer is missing.
 */
import type { Reply, StopReason, Usage } from '../../../contracts/conversation.js'
import type { WireAnswer } from '../../../contracts/provider.js'
import { fragments } from '../../fragments.js'
import { headersOf } from '../headers.js'
import { type AnyCall, inputText, type Offer, type Tool } from '../tools.js'
import { tokensOf } from '../usage.js'

/** All that an answer is made of. */
export interface CompletionFacts {
  readonly completionId: string
  readonly requestId: string
  /** Seconds since 1970. */
  readonly created: number
  readonly model: string
  readonly reply: Reply
  readonly usage: Usage
  readonly offer: Offer
  readonly includesUsage: boolean
}

/**
 * A refusal in words has a field of its own, and ends as an answer does. One without words is the content filter's,
 * which leaves nothing of the answer.
 */
export const stopReasons: Readonly<Record<StopReason, string>> = {
  'end-turn': 'stop',
  'tool-use': 'tool_calls',
  'max-tokens': 'length',
  'context-full': 'length',
  refusal: 'stop',
}

function finishReason(reply: Reply): string {
  const filtered = reply.stop === 'refusal' && textIn(reply) === ''
  return filtered ? 'content_filter' : stopReasons[reply.stop]
}

export function jsonAnswer(facts: CompletionFacts): WireAnswer {
  const { reply, requestId, usage, offer } = facts
  const text = textIn(reply)
  const calls = callsIn(reply).map((call) => {
    const { id, name } = call
    const { kind } = toolOf(name, offer)
    return { id, type: kind, [kind]: { name, [fieldOf[kind]]: inputText(kind, call) } }
  })
  const refused = reply.stop === 'refusal'
  const message = {
    role: 'assistant',
    content: refused || (text === '' && calls.length > 0) ? null : text,
    ...(calls.length > 0 && { tool_calls: calls }),
    refusal: refused && text !== '' ? text : null,
    annotations: [],
  }
  const body = {
    ...headOf(facts, 'chat.completion'),
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason(reply) }],
    usage: usageOf(usage),
    service_tier: 'default',
    system_fingerprint: null,
  }
  const headers = headersOf(requestId, 'application/json', usage.inputTokens + usage.outputTokens)
  return { status: 200, headers, chunks: [JSON.stringify(body)] }
}

export function streamAnswer(facts: CompletionFacts): WireAnswer {
  const { reply, requestId, usage, includesUsage } = facts
  const head = { ...headOf(facts, 'chat.completion.chunk'), service_tier: 'default', system_fingerprint: null }
  const chunk = (choices: readonly object[], cost: object | null = null) =>
    event({ ...head, choices, ...(includesUsage && { usage: cost }) })
  const delta = (delta: object, finish: string | null = null) =>
    chunk([{ index: 0, delta, logprobs: null, finish_reason: finish }])
  const end = [delta({}, finishReason(reply)), ...(includesUsage ? [chunk([], usageOf(usage))] : []), done]
  return {
    status: 200,
    headers: {
      ...headersOf(requestId, 'text/event-stream; charset=utf-8', usage.inputTokens + usage.outputTokens),
      'cache-control': 'no-cache',
    },
    chunks: [...deltasOf(facts).map((one) => delta(one)), end.join('')],
  }
}

/** A comment: this API has no event that says nothing. */
export const keepAlive = ': keep-alive\n\n'

const done = 'data: [DONE]\n\n'

/** What each event adds to the message. */
function deltasOf({ reply, offer }: CompletionFacts): object[] {
  const refused = reply.stop === 'refusal'
  const text = textIn(reply)
  const calls = callsIn(reply)
  const content = refused || (text === '' && calls.length > 0) ? null : ''
  const deltas: object[] = [{ role: 'assistant', content, refusal: null }]
  if (text !== '') deltas.push(...fragments(text).map((part) => (refused ? { refusal: part } : { content: part })))
  calls.forEach((call, index) => {
    const { id, name } = call
    const { kind } = toolOf(name, offer)
    const field = fieldOf[kind]
    const add = (more: object) => deltas.push({ tool_calls: [{ index, ...more }] })
    add({ id, type: kind, [kind]: { name, [field]: '' } })
    for (const part of fragments(inputText(kind, call))) add({ [kind]: { [field]: part } })
  })
  return deltas
}

/** What a call of each kind carries. */
const fieldOf: Readonly<Record<Tool['kind'], string>> = { function: 'arguments', custom: 'input' }

function toolOf(name: string, { tools }: Offer): Tool {
  return tools.get(name) ?? { kind: 'function', name }
}

function headOf({ completionId, created, model }: CompletionFacts, object: string): object {
  return { id: completionId, object, created, model }
}

function usageOf(usage: Usage): object {
  const { input, cached, output, reasoning, total } = tokensOf(usage)
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: total,
    prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }
}

/** One message has one text. */
function textIn({ blocks }: Reply): string {
  return blocks.map((block) => (block.kind === 'text' ? block.text : '')).join('')
}

function callsIn({ blocks }: Reply): AnyCall[] {
  return blocks.filter((block) => block.kind !== 'text')
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`
}
