/**
 * Answers as the vendors document them, byte by byte and with all that stands beside the words: thoughts that only the vendor
 * can read, fields that nobody here knows. Written by hand, so that no reader of ours is held to a writer of ours.
 */
import type { Json } from '../../../faults/json.js'

/** What a model says: text, or calls of tools. */
export type Said = string | readonly { readonly name: string; readonly input: { readonly [name: string]: Json } }[]

export interface Body {
  readonly type: string
  readonly text: string
}

/** `number` tells the answers of one conversation apart. */
export type Vendor = (said: Said, number: number, stream: boolean) => Body

const json = (value: Json): Body => ({ type: 'application/json', text: `${JSON.stringify(value, null, 2)}\n` })
const halves = (text: string) => [text.slice(0, text.length / 2), text.slice(text.length / 2)]

/** Chat Completions. */
export const chat: Vendor = (said, number, stream) => {
  const id = `chatcmpl-C${number}aB9xQmPzL4`
  const head = { id, created: 1780000000 + number, model: 'gpt-5.4-2026-03-05', service_tier: 'default' }
  const calls = callsIn(said).map(({ name, input }, index) => ({
    id: `call_${number}${index}kVq7XwTzPn2RsLm`,
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  }))
  const finish = calls.length > 0 ? 'tool_calls' : 'stop'
  const usage = { prompt_tokens: 82, completion_tokens: 17, total_tokens: 99 }
  const content = typeof said === 'string' ? said : null
  if (!stream) {
    const message = { role: 'assistant', content, ...(calls.length > 0 && { tool_calls: calls }), refusal: null }
    const choice = { index: 0, message: { ...message, annotations: [] }, logprobs: null, finish_reason: finish }
    return json({ ...head, object: 'chat.completion', choices: [choice], usage, system_fingerprint: null })
  }
  const deltas: Json[] = [
    { role: 'assistant', content: content === null ? null : '', refusal: null },
    ...(content === null ? [] : halves(content).map((half) => ({ content: half }))),
    ...calls.flatMap((call, index): Json[] => [
      { tool_calls: [{ index, ...call, function: { ...call.function, arguments: '' } }] },
      ...halves(call.function.arguments).map((half) => ({ tool_calls: [{ index, function: { arguments: half } }] })),
    ]),
  ]
  const chunk = (delta: Json, finish_reason: string | null) => ({
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    usage: null,
    obfuscation: 'x7Q',
  })
  const chunks = [...deltas.map((delta) => chunk(delta, null)), chunk({}, finish), { ...head, choices: [], usage }]
  return events([...chunks.map((each) => `data: ${JSON.stringify(each)}`), 'data: [DONE]'], '\n\n')
}

/** Responses, of a model that reasons. */
export const responses: Vendor = (said, number, stream) => {
  const reasoning = {
    id: `rs_0${number}f3c9`,
    type: 'reasoning',
    encrypted_content: `gAAAAABrEaL${number}`,
    summary: [],
  }
  const message = (text: string) => ({
    id: `msg_0${number}f3c9`,
    type: 'message',
    status: 'completed',
    content: [{ type: 'output_text', annotations: [], logprobs: [], text }],
    role: 'assistant',
  })
  const calls = callsIn(said).map(({ name, input }, index) => ({
    id: `fc_0${number}${index}f3c9`,
    type: 'function_call',
    status: 'completed',
    arguments: JSON.stringify(input),
    call_id: `call_${number}${index}kVq7XwTzPn2RsLm`,
    name,
  }))
  const items = [reasoning, ...(typeof said === 'string' ? [message(said)] : calls)]
  const response = (status: string, output: Json) => ({
    id: `resp_0${number}f3c9`,
    object: 'response',
    created_at: 1780000000 + number,
    status,
    background: false,
    error: null,
    incomplete_details: null,
    model: 'gpt-5.4-2026-03-05',
    output,
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: 'medium', summary: null },
    store: true,
    usage: status === 'completed' ? { input_tokens: 82, output_tokens: 17, total_tokens: 99 } : null,
  })
  if (!stream) return json(response('completed', items as Json))
  const all: { readonly type: string }[] = [
    { type: 'response.created', response: response('in_progress', []) } as { type: string },
    ...items.flatMap((item, output_index) => eventsOfItem(item as unknown as Item, output_index)),
    { type: 'response.completed', response: response('completed', items as Json) } as { type: string },
  ]
  const written = all.map((event, sequence_number) => {
    const data = JSON.stringify({ ...event, sequence_number })
    return `event: ${event.type}\ndata: ${data}`
  })
  return events(written, '\n\n')
}

type Item = { readonly type: string; readonly id: string; readonly arguments?: string; readonly content?: Json }

function eventsOfItem(item: Item, output_index: number): { readonly type: string }[] {
  const at = { item_id: item.id, output_index }
  const between = (): { readonly type: string }[] => {
    if (item.type === 'function_call') {
      const text = item.arguments as string
      const type = 'response.function_call_arguments'
      return [
        ...halves(text).map((delta) => ({ type: `${type}.delta`, ...at, delta })),
        { type: `${type}.done`, ...at, arguments: text } as { type: string },
      ]
    }
    if (item.type !== 'message') return []
    const [part] = item.content as unknown as { readonly text: string }[]
    const text = part?.text ?? ''
    return halves(text).map((delta) => ({ type: 'response.output_text.delta', ...at, content_index: 0, delta }))
  }
  return [
    { type: 'response.output_item.added', output_index, item: { ...item, status: 'in_progress' } } as { type: string },
    ...between(),
    { type: 'response.output_item.done', output_index, item } as { type: string },
  ]
}

/** Gemini, of a model that signs its calls and gives them no id. */
export const generateContent: Vendor = (said, number, stream) => {
  const signature = Buffer.from(`what was thought for answer ${number}`).toString('base64')
  const parts: Json[] =
    typeof said === 'string'
      ? [{ text: 'Let me see.', thought: true }, ...halves(said).map((text) => ({ text }))]
      : said.map(({ name, input }, index) => ({
          functionCall: { name, args: input },
          ...(index === 0 && { thoughtSignature: signature }),
        }))
  const response = (content: Json[], isLast: boolean) => ({
    candidates: [{ content: { parts: content, role: 'model' }, ...(isLast && { finishReason: 'STOP' }), index: 0 }],
    usageMetadata: { promptTokenCount: 82, candidatesTokenCount: 17, totalTokenCount: 99 },
    modelVersion: 'gemini-3.1-pro-preview',
    responseId: `r${number}aKd8PzXwQ`,
  })
  if (!stream) return json(response(parts, true))
  const pieces = parts.map((part, index) => response([part], index === parts.length - 1))
  return events(
    pieces.map((piece) => `data: ${JSON.stringify(piece)}`),
    '\r\n\r\n',
  )
}

/** Messages, of a model that thinks. */
export const messages: Vendor = (said, number) => {
  const thinking = { type: 'thinking', thinking: 'Let me see.', signature: `EqoBCkgIARABGAIiQ${number}==` }
  const rest: Json[] =
    typeof said === 'string'
      ? [{ type: 'text', text: said }]
      : said.map(({ name, input }, index) => ({
          type: 'tool_use',
          id: `toolu_01${number}${index}T1x1fJ34`,
          name,
          input,
        }))
  return json({
    id: `msg_01${number}XFDUDYJgAACzvnptvVoYEL`,
    type: 'message',
    role: 'assistant',
    model: 'claude-opus-5-5',
    content: [thinking, ...rest],
    stop_reason: typeof said === 'string' ? 'end_turn' : 'tool_use',
    stop_sequence: null,
    usage: { input_tokens: 82, output_tokens: 17, service_tier: 'standard' },
  })
}

function callsIn(said: Said): Exclude<Said, string> {
  return typeof said === 'string' ? [] : said
}

function events(all: readonly string[], end: string): Body {
  return { type: 'text/event-stream', text: all.map((event) => event + end).join('') }
}
