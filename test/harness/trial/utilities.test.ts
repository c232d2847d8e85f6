/** What providers answer without a model, to the vendors' own clients in a trial: a crossing of `http`, and no turn. */
import 'agent-chaos/register'
import Anthropic1 from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import { crossingsOf, defineScenario, runTrial, say, script } from 'agent-chaos'
import Anthropic0 from 'anthropic-sdk-0'
import OpenAI6 from 'openai'
import OpenAI7 from 'openai-7'
import { describe, expect, it } from 'vitest'

async function run<T>(work: () => Promise<T>, plan = '') {
  let given: T | undefined
  let error: unknown
  const scenario = defineScenario({
    name: 'looking-things-up',
    task: 'Look it up.',
    world: () => ({ tools: { read: () => 'Refunds are paid back within five days.' } }),
    model: script([say('Done.')]),
    agent: async ({ tools }) => {
      await tools.read()
      try {
        given = await work()
      } catch (thrown) {
        error = thrown
      }
      return 'Done.'
    },
    goal: () => true,
  })
  const trial = await runTrial(scenario, { plan })
  const calls = crossingsOf(trial.trace).filter(({ call }) => call.site.boundary !== 'tool')
  return { ...trial, given, error, calls }
}

const clients: readonly (readonly [version: string, client: typeof Anthropic1])[] = [
  ['1', Anthropic1],
  ['0', Anthropic0 as unknown as typeof Anthropic1],
]
const question: Anthropic1.MessageCreateParamsNonStreaming = {
  model: 'claude-opus-5-5',
  max_tokens: 100,
  system: 'You refund.',
  tools: [{ name: 'refund', input_schema: { type: 'object' } }],
  messages: [{ role: 'user', content: 'Refund order 42, please.' }],
}

describe.each(clients)('tokens that @anthropic-ai/sdk %s counts', (_version, Client) => {
  it('are as many as the answer says', async () => {
    const { max_tokens: _, ...counted } = question
    const { given, trace, calls } = await run(async () => {
      const client = new Client()
      const { input_tokens } = await client.messages.countTokens(counted)
      return [input_tokens, (await client.messages.create(question)).usage.input_tokens]
    })
    expect(given?.[0]).toBe(given?.[1])
    expect(calls.map(({ call }) => `${call.site.boundary}:${call.site.target}`)).toEqual([
      'http:POST api.anthropic.com/v1/messages/count_tokens',
      'model:claude-opus-5-5',
    ])
    expect(trace.spend).toMatchObject({ turns: 1, modelCalls: 1 })
  })

  it('are refused where the request would be', async () => {
    const { error } = await run(() => new Client().messages.countTokens({ model: 'm', messages: [] }))
    expect(error).toBeInstanceOf(Client.BadRequestError)
  })

  it('can fail as the API fails', async () => {
    const { max_tokens: _, ...counted } = question
    const plan = 'http:"POST api.anthropic.com/v1/messages/count_tokens"#1.* = http/rate-limited'
    const { error, trace } = await run(() => new Client({ maxRetries: 1 }).messages.countTokens(counted), plan)
    expect(error).toBeInstanceOf(Client.RateLimitError)
    expect((error as Error).message).toContain('rate_limit_error')
    expect(trace.injections.map(({ status }) => status)).toEqual(['landed'])
  })
})

describe.each([
  ['6', OpenAI6],
  ['7', OpenAI7 as unknown as typeof OpenAI6],
])('openai %s', (_version, Client) => {
  const input = ['How do I get a refund?', 'Refunds are paid back within five days.', 'The office opens at nine.']

  it.each([undefined, 'float', 'base64'] as const)('is given vectors, in the encoding %s', async (encoding_format) => {
    const params = { model: 'text-embedding-3-small', input, ...(encoding_format && { encoding_format }) }
    const { given, trace, calls } = await run(() => new Client().embeddings.create(params))
    const vectors = (given?.data ?? []).map(({ embedding }) =>
      typeof embedding === 'string' ? [...new Float32Array(bytesOf(embedding))] : embedding,
    )
    const [query = [], near = [], far = []] = vectors
    expect(vectors.map(({ length }) => length)).toEqual([1536, 1536, 1536])
    expect(dot(query, near)).toBeGreaterThan(dot(query, far))
    expect(given?.usage.prompt_tokens).toBeGreaterThan(0)
    expect(calls.map(({ call }) => call.site.target)).toEqual(['POST api.openai.com/v1/embeddings'])
    expect(trace.spend).toMatchObject({ turns: 0, modelCalls: 0 })
  })

  it.each<[string, object, RegExp]>([
    ['an empty text', { input: '' }, /'\$\.input' is invalid/],
    ['no text', { input: undefined }, /Missing required parameter: 'input'/],
    ['no model', { model: undefined }, /you must provide a model parameter/],
    ['more dimensions than there are', { dimensions: 2000 }, /Must be less than or equal to 1536/],
    [
      'dimensions where they are fixed',
      { model: 'text-embedding-ada-002', dimensions: 9 },
      /does not support specifying/,
    ],
  ])('is refused %s', async (_what, wrong, message) => {
    const params = { model: 'text-embedding-3-small', input, ...wrong }
    const { error } = await run(() => new Client().embeddings.create(params))
    expect(error).toBeInstanceOf(Client.BadRequestError)
    expect((error as Error).message).toMatch(message)
  })

  it('sees its limit reached, as the API tells it', async () => {
    const plan = 'http:"POST api.openai.com/v1/embeddings"#1.* = http/rate-limited'
    const ask = () => new Client({ maxRetries: 1 }).embeddings.create({ model: 'text-embedding-3-small', input })
    const { error } = await run(ask, plan)
    expect(error).toBeInstanceOf(Client.RateLimitError)
    expect(error).toMatchObject({ code: 'rate_limit_exceeded' })
  })
})

function dot(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0)
}

function bytesOf(base64: string): ArrayBuffer {
  return Uint8Array.from(Buffer.from(base64, 'base64')).buffer
}

describe('@google/genai', () => {
  const texts = ['How do I get a refund?', 'Refunds are paid back within five days.', 'The office opens at nine.']
  const embedding = (more = {}) =>
    new GoogleGenAI({}).models.embedContent({ model: 'gemini-embedding-001', contents: texts, ...more })

  it('is given vectors by which it finds what it looks for', async () => {
    const { given, trace, calls } = await run(() => embedding({ config: { outputDimensionality: 768 } }))
    const [query = [], near = [], far = []] = (given?.embeddings ?? []).map(({ values }) => values ?? [])
    expect([query.length, near.length, far.length]).toEqual([768, 768, 768])
    expect(dot(query, near)).toBeGreaterThan(dot(query, far))
    expect(calls.map(({ call }) => call.site.target)).toEqual([
      'POST generativelanguage.googleapis.com/v1beta/models/gemini-embedding-001:batchEmbedContents',
    ])
    expect(trace.spend).toMatchObject({ turns: 0, modelCalls: 0 })
    expect(trace.events.some(({ kind }) => kind === 'effect')).toBe(false)
  })

  it('counts as many tokens as the answer says', async () => {
    const asked = { model: 'gemini-3.8-flash', contents: 'Refund order 42, please.' }
    const { given } = await run(async () => {
      const client = new GoogleGenAI({})
      const { totalTokens } = await client.models.countTokens(asked)
      return [totalTokens, (await client.models.generateContent(asked)).usageMetadata?.promptTokenCount]
    })
    expect(given?.[0]).toBe(given?.[1])
    expect(given?.[0]).toBeGreaterThan(0)
  })

  it('sees the API overloaded there too, in its words', async () => {
    const { error } = await run(embedding, 'http:"POST *:batchEmbedContents"#1 = http/unavailable')
    expect(error).toMatchObject({ status: 503, message: expect.stringContaining('UNAVAILABLE') })
  })
})
