/** OpenAI's APIs by `fetch`, as agents ask them that have no SDK. Apart, because it is right: the mistakes are beside it. */

const origin = 'https://api.openai.com'
const model = 'gpt-5'
const deadlineMs = 60_000

export interface ToolCall {
  readonly id: string
  readonly type: 'function'
  readonly function: { readonly name: string; readonly arguments: string }
}

export type ChatMessage =
  | { readonly role: 'user' | 'system'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string | null; readonly tool_calls?: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly tool_call_id: string; readonly content: string }

export interface ChatChoice {
  readonly message: Extract<ChatMessage, { readonly role: 'assistant' }>
  readonly finish_reason: 'stop' | 'length' | 'tool_calls' | 'content_filter'
}

/** A failure that the API told, by its status and headers. */
export class Refused extends Error {
  readonly status: number
  readonly headers: Headers

  constructor({ status, headers }: Response) {
    super(`the model API answered ${status}`)
    this.status = status
    this.headers = headers
  }
}

/** A tool of one required text, in the form that both APIs share. */
export function functionOf(name: string, property: string) {
  const parameters = { type: 'object', properties: { [property]: { type: 'string' } }, required: [property] }
  return { name, description: name, parameters }
}

/** One question to Chat Completions. */
export async function askChat(
  messages: readonly ChatMessage[],
  tools: readonly object[],
  name: string = model,
): Promise<ChatChoice> {
  const asked = tools.map((one) => ({ type: 'function', function: one }))
  const response = await post('/v1/chat/completions', {
    model: name,
    messages,
    ...(tools.length > 0 && { tools: asked }),
  })
  const { choices } = (await response.json()) as { readonly choices: readonly [ChatChoice] }
  return choices[0]
}

/** What the Responses API answers to one text. */
export async function askText(input: string, signal?: AbortSignal): Promise<string> {
  const response = await post('/v1/responses', { model, input }, signal)
  const { output } = (await response.json()) as { readonly output: readonly OutputItem[] }
  return output.flatMap(({ content = [] }) => content.map(({ text = '' }) => text)).join('')
}

interface OutputItem {
  readonly content?: readonly { readonly text?: string }[]
}

/** Rejects with `Refused` for any status of failure. */
export async function post(path: string, body: object, signal?: AbortSignal): Promise<Response> {
  const deadline = AbortSignal.timeout(deadlineMs)
  const response = await fetch(`${origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${process.env.OPENAI_API_KEY}` },
    body: JSON.stringify(body),
    signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
  })
  if (!response.ok) throw new Refused(response)
  return response
}

/** A part of a streamed reply. */
export interface Delta {
  readonly delta: {
    readonly content?: string | null
    readonly tool_calls?: readonly { readonly id?: string; readonly function?: { readonly arguments?: string } }[]
  }
  readonly finish_reason: string | null
}

/** The same, part by part. Rejects where the stream breaks, or tells of an error. */
export async function* streamChat(
  messages: readonly ChatMessage[],
  tools: readonly object[],
): AsyncGenerator<Delta, void, void> {
  const asked = tools.map((one) => ({ type: 'function', function: one }))
  const { body } = await post('/v1/chat/completions', { model, messages, tools: asked, stream: true })
  let rest = ''
  for await (const text of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (!line.startsWith('data: {')) continue
      const event = JSON.parse(line.slice('data: '.length)) as { error?: unknown; choices?: readonly Delta[] }
      if (event.error !== undefined) throw new Error('the stream told of an error')
      yield* event.choices ?? []
    }
  }
}
