/** Holds every provider that ships to the laws of providers, by the vendor's own client. */
import Anthropic from '@anthropic-ai/sdk'
import { anthropic } from 'agent-chaos'
import { type Block, type Json, providerLaws, type Reply, type Subject } from 'agent-chaos/provider-kit'
import { describe, expect, it } from 'vitest'
import { providers } from '../../harness/providers/catalogue.js'
import { openaiSubjects } from '../support/providers/openai.js'

/** `client` tells those apart that differ by their client alone. */
const subjects: readonly (Subject & { readonly client: string })[] = [
  {
    provider: anthropic,
    client: '@anthropic-ai/sdk 1',
    api: 'messages',
    model: 'claude-opus-5-5',
    marksFailures: true,
    ask: async ({ fetch, baseURL, apiKey, conversation, stream }) => {
      const client = new Anthropic({ fetch, baseURL, apiKey, maxRetries: 0 })
      const { model, system, tools, messages } = conversation
      const params: Anthropic.MessageCreateParamsNonStreaming = {
        model,
        system,
        max_tokens: 100,
        tools: tools.map((name) => ({ name, input_schema: { type: 'object' } })),
        messages: messages.map(({ role, blocks }) => ({ role, content: blocks.map(contentOf) })),
      }
      const message = stream
        ? await client.messages.stream(params).finalMessage()
        : await client.messages.create(params)
      return {
        blocks: message.content.flatMap(blockOf),
        stop: message.stop_reason ?? '',
        usage: { inputTokens: message.usage.input_tokens, outputTokens: message.usage.output_tokens },
      }
    },
    failures: {
      timeout: thrownError(504, Anthropic.InternalServerError, 'timeout_error'),
      'bad-request': thrownError(400, Anthropic.BadRequestError, 'invalid_request_error'),
      unauthorized: thrownError(401, Anthropic.AuthenticationError, 'authentication_error'),
      'not-found': thrownError(404, Anthropic.NotFoundError, 'not_found_error'),
      conflict: thrownError(409, Anthropic.ConflictError, 'conflict_error'),
      'rate-limited': thrownError(429, Anthropic.RateLimitError, 'rate_limit_error'),
      'server-error': thrownError(500, Anthropic.InternalServerError, 'api_error'),
      'slow-down': thrownError(429, Anthropic.RateLimitError, 'rate_limit_error'),
      'spend-limit': thrownError(400, Anthropic.BadRequestError, 'invalid_request_error'),
      overloaded: thrownError(529, Anthropic.InternalServerError, 'overloaded_error'),
      // Pages of a proxy, which name no type.
      unavailable: thrownError(503, Anthropic.InternalServerError),
      reset: thrownError(502, Anthropic.InternalServerError),
      refused: thrownError(502, Anthropic.InternalServerError),
      unresolved: thrownError(502, Anthropic.InternalServerError),
    },
    isStreamError: (error) => error instanceof Anthropic.APIError && error.status === undefined,
  },
  ...openaiSubjects,
]

function thrownError(
  status: number,
  type: abstract new (...args: never[]) => InstanceType<typeof Anthropic.APIError>,
  named?: string,
) {
  const isSeen = (error: unknown) =>
    error instanceof type && error.status === status && (named === undefined || error.type === named)
  return { status, isSeen }
}

function blockOf(block: Anthropic.ContentBlock): Reply['blocks'] {
  if (block.type === 'text') return [{ kind: 'text', text: block.text }]
  if (block.type !== 'tool_use') return []
  return [{ kind: 'tool-call', id: block.id, name: block.name, input: block.input as Json }]
}

function contentOf(block: Block): Anthropic.ContentBlockParam {
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

describe.each(subjects)('$provider.name, $api, $client', (subject) => {
  it.each(providerLaws(subject))('$name', ({ check }) => check())
})

describe('the laws', () => {
  it('are asked of every API of every provider that ships, whose names differ', () => {
    const apis = providers.flatMap(({ name, apis }) => Object.keys(apis).map((api) => `${name} ${api}`))
    const held = new Set(subjects.map(({ provider, api }) => `${provider.name} ${api}`))
    expect([...held].sort()).toEqual([...apis].sort())
    expect(new Set(apis).size).toBe(apis.length)
  })

  it.each<[string, (subject: Subject) => Subject]>([
    [
      'reads a conversation as the client sent it',
      losing((call) => ({
        ...call,
        conversation: { ...call.conversation, messages: call.conversation.messages.slice(0, -1) },
      })),
    ],
    [
      'gives ids of tool calls that come back as they went',
      withChange({ callIds: { write: () => 'toolu_same', read: (id) => id } }),
    ],
    ['answers each failure as the vendor documents', withChange({ statusOf: () => 500 })],
    [
      'knows the price of its model, and the day of its list',
      withChange({ prices: { asOf: '2025-11-24', models: {} } }),
    ],
    ['tells exactly what of an answer had arrived, wherever it is cut', arriving(() => ({ text: '', toolCalls: [] }))],
    [
      'gives clients a key that is known for a dummy',
      withChange({ environment: { ...anthropic.environment, key: 'sk-real' } }),
    ],
    [
      'is found at its own origin, and where the user says that it is',
      withChange({ origins: ['https://api.anthropic.com/v1'] }),
    ],
  ])('are broken by a provider that does not keep them: %s', async (name, broken) => {
    const [subject] = subjects
    const law = subject && providerLaws(broken(subject)).find((one) => one.name === name)
    await expect(law?.check()).rejects.toThrow()
  })
})

function withChange(change: Partial<Subject['provider']>) {
  return (subject: Subject): Subject => ({ ...subject, provider: { ...subject.provider, ...change } })
}

type Session = ReturnType<Subject['provider']['apis'][string]['open']>
type Call = Extract<ReturnType<Session['read']>, { kind: 'call' }>

function losing(lose: (call: Call) => Call) {
  return inSession((session) => ({
    read: (request) => {
      const read = session.read(request)
      return read.kind === 'call' ? lose(read) : read
    },
  }))
}

function arriving(arrived: Session['arrived']) {
  return inSession(() => ({ arrived }))
}

function inSession(change: (session: Session) => Partial<Session>) {
  return (subject: Subject): Subject => {
    const api = subject.provider.apis[subject.api]
    if (!api) throw new Error('no such API')
    const open: typeof api.open = (memory) => {
      const session = api.open(memory)
      return {
        read: (request) => session.read(request),
        write: (...args) => session.write(...args),
        fail: (...args) => session.fail(...args),
        failInStream: (...args) => session.failInStream(...args),
        ping: () => session.ping(),
        arrived: (...args) => session.arrived(...args),
        snapshot: () => session.snapshot(),
        ...change(session),
      }
    }
    return { ...subject, provider: { ...subject.provider, apis: { [subject.api]: { ...api, open } } } }
  }
}
