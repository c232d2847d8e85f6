/** OpenAI's APIs as the vendor's own client asks them, by each of its versions that are in use. */
import { openai } from 'agent-chaos'
import type { Block, ClientReply, ClientRequest, Json, Message, Subject } from 'agent-chaos/provider-kit'
import OpenAI from 'openai'
import OpenAI7 from 'openai-7'

/** What of the client the subjects use is the same in both. */
const clients: readonly (readonly [version: string, client: typeof OpenAI])[] = [
  ['6', OpenAI],
  ['7', OpenAI7 as unknown as typeof OpenAI],
]

export const openaiSubjects: readonly (Subject & { readonly client: string })[] = clients.flatMap(
  ([version, Client]) => {
    const of = { ...failuresOf(Client), provider: openai, model: 'gpt-5.4', marksFailures: false }
    const client = `openai ${version}`
    return [
      { ...of, client, api: 'chat', ask: (request) => askChat(Client, request) },
      { ...of, client, api: 'responses', ask: (request) => askResponses(Client, request) },
    ]
  },
)

function clientFor(Client: typeof OpenAI, { fetch, baseURL, apiKey }: ClientRequest): OpenAI {
  const own = baseURL === openai.origins[0] ? `${baseURL}/v1` : baseURL
  return new Client({ fetch, baseURL: own, apiKey, maxRetries: 0 })
}

async function askChat(Client: typeof OpenAI, request: ClientRequest): Promise<ClientReply> {
  const client = clientFor(Client, request)
  const { model, system, tools, messages } = request.conversation
  const params: OpenAI.ChatCompletionCreateParamsNonStreaming = {
    model,
    tools: tools.map((name) => ({ type: 'function', function: { name, parameters: { type: 'object' } } })),
    messages: [{ role: 'system', content: system }, ...messages.flatMap(chatMessages)],
  }
  const completion = request.stream
    ? await client.chat.completions
        .stream({ ...params, stream: true, stream_options: { include_usage: true } })
        .finalChatCompletion()
    : await client.chat.completions.create(params)
  const choice = completion.choices[0]
  if (!choice) throw new Error('the completion has no choice')
  const { content, refusal, tool_calls: calls = [] } = choice.message
  const text = (content ?? '') + (refusal ?? '')
  return {
    blocks: [
      ...(text === '' ? [] : [{ kind: 'text', text } as const]),
      ...calls.map((call) => {
        if (call.type !== 'function') throw new Error(`a call of the type ${call.type}`)
        const { name, arguments: input } = call.function
        return { kind: 'tool-call', id: call.id, name, input: JSON.parse(input) as Json } as const
      }),
    ],
    stop: choice.finish_reason,
    usage: {
      inputTokens: completion.usage?.prompt_tokens ?? -1,
      outputTokens: completion.usage?.completion_tokens ?? -1,
    },
  }
}

/** Results are messages of their own. */
function chatMessages({ role, blocks }: Message): OpenAI.ChatCompletionMessageParam[] {
  const content = blocks.map((block) => (block.kind === 'text' ? block.text : '')).join('')
  const calls = blocks.filter(isCall)
  if (role === 'assistant') {
    return [
      {
        role,
        content,
        ...(calls.length > 0 && {
          tool_calls: calls.map(({ id, name, input }) => ({
            id,
            type: 'function',
            function: { name, arguments: JSON.stringify(input) },
          })),
        }),
      },
    ]
  }
  return blocks.flatMap((block): OpenAI.ChatCompletionMessageParam[] => {
    if (block.kind === 'tool-result') return [{ role: 'tool', tool_call_id: block.id, content: block.text }]
    return block.kind === 'text' ? [{ role, content: block.text }] : []
  })
}

async function askResponses(Client: typeof OpenAI, request: ClientRequest): Promise<ClientReply> {
  const client = clientFor(Client, request)
  const { model, system, tools, messages } = request.conversation
  const params: OpenAI.Responses.ResponseCreateParamsNonStreaming = {
    model,
    instructions: system,
    tools: tools.map((name) => ({ type: 'function', name, parameters: { type: 'object' }, strict: false })),
    input: messages.flatMap(responseItems),
  }
  const response = request.stream
    ? await client.responses.stream({ ...params, stream: true }).finalResponse()
    : await client.responses.create(params)
  const { output, status, incomplete_details: incomplete, usage } = response
  return {
    blocks: output.flatMap((item): ClientReply['blocks'] => {
      if (item.type === 'message') {
        return item.content.map((part) => ({
          kind: 'text',
          text: part.type === 'refusal' ? part.refusal : part.text,
        }))
      }
      if (item.type !== 'function_call') throw new Error(`an item of the type ${item.type}`)
      return [{ kind: 'tool-call', id: item.call_id, name: item.name, input: JSON.parse(item.arguments) as Json }]
    }),
    stop: incomplete?.reason ?? status ?? '',
    usage: { inputTokens: usage?.input_tokens ?? -1, outputTokens: usage?.output_tokens ?? -1 },
  }
}

/** Calls and results are items of their own. */
function responseItems({ role, blocks }: Message): OpenAI.Responses.ResponseInputItem[] {
  return blocks.map((block): OpenAI.Responses.ResponseInputItem => {
    switch (block.kind) {
      case 'text':
        return { role, content: block.text }
      case 'tool-call':
        return {
          type: 'function_call',
          call_id: block.id,
          name: block.name,
          arguments: JSON.stringify(block.input),
        }
      case 'tool-result':
        return { type: 'function_call_output', call_id: block.id, output: block.text }
      default:
        throw new Error(`no sample holds a block of type ${block.type}`)
    }
  })
}

function isCall(block: Block): block is Extract<Block, { kind: 'tool-call' }> {
  return block.kind === 'tool-call'
}

/** The guide to error codes, as the client throws what is in it. */
function failuresOf(Client: typeof OpenAI): Pick<Subject, 'failures' | 'isStreamError'> {
  const errorLike = (
    status: number,
    type: abstract new (...args: never[]) => InstanceType<typeof OpenAI.APIError>,
    named: { readonly type: string; readonly code: string | number | null } | undefined,
  ) => ({
    status,
    isSeen: (error: unknown) =>
      error instanceof type &&
      error.status === status &&
      (named === undefined || (error.type === named.type && error.code === named.code)),
  })
  const request = 'invalid_request_error'
  const badGateway = errorLike(502, Client.InternalServerError, { type: 'cf_bad_gateway', code: 502 })
  return {
    failures: {
      timeout: errorLike(524, Client.InternalServerError, { type: 'cf_gateway_timeout', code: 524 }),
      'bad-request': errorLike(400, Client.BadRequestError, { type: request, code: 'invalid_type' }),
      unauthorized: errorLike(401, Client.AuthenticationError, { type: request, code: 'invalid_api_key' }),
      'not-found': errorLike(404, Client.NotFoundError, { type: request, code: 'model_not_found' }),
      conflict: errorLike(409, Client.ConflictError, { type: request, code: null }),
      'rate-limited': errorLike(429, Client.RateLimitError, { type: 'rate_limit_error', code: 'rate_limit_exceeded' }),
      'server-error': errorLike(500, Client.InternalServerError, { type: 'server_error', code: 'server_error' }),
      overloaded: errorLike(503, Client.InternalServerError, {
        type: 'service_unavailable_error',
        code: 'server_is_overloaded',
      }),
      'too-long': errorLike(400, Client.BadRequestError, { type: request, code: 'context_length_exceeded' }),
      'too-large': errorLike(413, Client.APIError, undefined),
      'spend-limit': errorLike(429, Client.RateLimitError, { type: 'insufficient_quota', code: 'insufficient_quota' }),
      'no-credit': errorLike(429, Client.RateLimitError, { type: 'insufficient_quota', code: 'insufficient_quota' }),
      // The page of a proxy, which names no type.
      unavailable: errorLike(503, Client.InternalServerError, undefined),
      reset: badGateway,
      refused: badGateway,
      unresolved: badGateway,
    },
    isStreamError: (error) => error instanceof Client.APIError && error.status === undefined,
  }
}
