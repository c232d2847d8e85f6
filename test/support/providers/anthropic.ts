/** How Anthropic's own client asks for messages, by each of its versions that are in use, and what is documented of failures. */
import Anthropic1 from '@anthropic-ai/sdk'
import { anthropic } from 'agent-chaos'
import type { Block, ClientRequest, Json, Reply, Subject } from 'agent-chaos/provider-kit'
import Anthropic0 from 'anthropic-sdk-0'

/** What of the client the subjects use is the same in both. */
type Client = typeof Anthropic1

const clients: readonly (readonly [version: string, client: Client])[] = [
  ['1', Anthropic1],
  ['0', Anthropic0 as unknown as Client],
]

export const anthropicSubjects: readonly (Subject & { readonly client: string })[] = clients.map(
  ([version, Anthropic]) => ({
    provider: anthropic,
    client: `@anthropic-ai/sdk ${version}`,
    api: 'messages',
    model: 'claude-opus-5-5',
    marksFailures: true,
    ask: (request) => askMessages(Anthropic, request),
    failures: failuresOf(Anthropic),
    isStreamError: (error) => error instanceof Anthropic.APIError && error.status === undefined,
  }),
)

async function askMessages(Anthropic: Client, { fetch, baseURL, apiKey, conversation, stream }: ClientRequest) {
  const client = new Anthropic({ fetch, baseURL, apiKey, maxRetries: 0 })
  const { model, system, tools, messages } = conversation
  const params: Anthropic1.MessageCreateParamsNonStreaming = {
    model,
    system,
    max_tokens: 100,
    tools: tools.map((name) => ({ name, input_schema: { type: 'object' } })),
    messages: messages.map(({ role, blocks }) => ({ role, content: blocks.map(contentOf) })),
  }
  const message = stream ? await client.messages.stream(params).finalMessage() : await client.messages.create(params)
  return {
    blocks: message.content.flatMap(blockOf),
    stop: message.stop_reason ?? '',
    usage: { inputTokens: message.usage.input_tokens, outputTokens: message.usage.output_tokens },
  }
}

function failuresOf(Anthropic: Client): Subject['failures'] {
  const throwsError = (status: number, type: abstract new (...args: never[]) => unknown, named?: string) => {
    const isSeen = (error: unknown) =>
      error instanceof Anthropic.APIError &&
      error instanceof type &&
      error.status === status &&
      (named === undefined || JSON.stringify(error.error).includes(`"type":"${named}"`))
    return { status, isSeen }
  }
  return {
    timeout: throwsError(504, Anthropic.InternalServerError, 'timeout_error'),
    'bad-request': throwsError(400, Anthropic.BadRequestError, 'invalid_request_error'),
    unauthorized: throwsError(401, Anthropic.AuthenticationError, 'authentication_error'),
    'not-found': throwsError(404, Anthropic.NotFoundError, 'not_found_error'),
    conflict: throwsError(409, Anthropic.ConflictError, 'conflict_error'),
    'rate-limited': throwsError(429, Anthropic.RateLimitError, 'rate_limit_error'),
    'server-error': throwsError(500, Anthropic.InternalServerError, 'api_error'),
    overloaded: throwsError(529, Anthropic.InternalServerError, 'overloaded_error'),
    'too-long': throwsError(400, Anthropic.BadRequestError, 'invalid_request_error'),
    'too-large': throwsError(413, Anthropic.APIError, 'request_too_large'),
    'spend-limit': throwsError(400, Anthropic.BadRequestError, 'invalid_request_error'),
    'no-credit': throwsError(402, Anthropic.APIError, 'billing_error'),
    // Pages of a proxy, which name no type.
    unavailable: throwsError(503, Anthropic.InternalServerError),
    reset: throwsError(502, Anthropic.InternalServerError),
    refused: throwsError(502, Anthropic.InternalServerError),
    unresolved: throwsError(502, Anthropic.InternalServerError),
  }
}

function blockOf(block: Anthropic1.ContentBlock): Reply['blocks'] {
  if (block.type === 'text') return [{ kind: 'text', text: block.text }]
  if (block.type !== 'tool_use') return []
  return [{ kind: 'tool-call', id: block.id, name: block.name, input: block.input as Json }]
}

function contentOf(block: Block): Anthropic1.ContentBlockParam {
  switch (block.kind) {
    case 'text':
      return { type: 'text', text: block.text }
    case 'tool-call':
      return { type: 'tool_use', id: block.id, name: block.name, input: block.input }
    case 'tool-result':
      return { type: 'tool_result', tool_use_id: block.id, content: block.text, is_error: block.failed }
    case 'other':
      throw new Error(`no sample holds a block of type ${block.type}`)
  }
}
