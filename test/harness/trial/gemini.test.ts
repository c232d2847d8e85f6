/** An agent on Google's own client, unchanged, with nothing but the environment to go by: what faults look like to it. */
import 'agent-chaos/register'
import { ApiError, type Content, createPartFromFunctionResponse, GoogleGenAI, type Part } from '@google/genai'
import { call, crossingsOf, defineScenario, runTrial, say, script, type Trial } from 'agent-chaos'
import { describe, expect, it } from 'vitest'

interface Settings {
  readonly model?: string
  readonly stream?: boolean
  /** How often in all a model is asked, as the client's own retries have it. */
  readonly attempts?: number
  readonly baseURL?: string
}

interface Run extends Trial {
  readonly error: unknown
}

const functionDeclarations = [
  { name: 'refund', parametersJsonSchema: { type: 'object', properties: { orderId: { type: 'string' } } } },
]

/** Made at import time, as agents do; it looks for `fetch` at each call. */
const atImport = new GoogleGenAI({})

async function answerOf(client: GoogleGenAI, contents: Content[], { model, stream, attempts = 1 }: Settings) {
  const httpOptions = { retryOptions: { attempts, jitter: 0 } }
  const params = {
    model: model ?? 'gemini-3.8-flash',
    contents,
    config: { tools: [{ functionDeclarations }], httpOptions },
  }
  if (!stream) return (await client.models.generateContent(params)).candidates?.[0]
  const parts: Part[] = []
  let finishReason: string | undefined
  for await (const { candidates } of await client.models.generateContentStream(params)) {
    parts.push(...(candidates?.[0]?.content?.parts ?? []))
    finishReason = candidates?.[0]?.finishReason ?? finishReason
  }
  return { content: { role: 'model', parts }, finishReason }
}

async function run(plan: string, settings: Settings = {}): Promise<Run> {
  let error: unknown
  const scenario = defineScenario({
    name: 'refund-by-gemini',
    task: 'Refund order 42.',
    ...(settings.baseURL && { endpoints: { gemini: { baseURL: settings.baseURL } } }),
    state: (): Record<string, number> => ({}),
    world: ({ state, effect }) => ({
      tools: {
        refund: ({ orderId }: { orderId: string }) =>
          effect({ kind: 'refund', intent: orderId, key: `refund-${orderId}` }, () => {
            state[orderId] = (state[orderId] ?? 0) + 1
            return { refunded: orderId }
          }),
      },
    }),
    model: script([call('refund', { orderId: '42' }, { text: 'At once.' }), say('Refunded.')]),
    agent: async ({ task, tools }) => {
      const client = settings.baseURL ? new GoogleGenAI({}) : atImport
      const contents: Content[] = [{ role: 'user', parts: [{ text: task }] }]
      try {
        for (;;) {
          const answer = await answerOf(client, contents, settings)
          if (!answer?.finishReason) throw new Error('the answer has no end')
          const parts = answer.content?.parts ?? []
          contents.push({ role: 'model', parts })
          const calls = parts.flatMap(({ functionCall }) => functionCall ?? [])
          if (calls.length === 0) return parts.map(({ text = '' }) => text).join('')
          const responses = await Promise.all(
            calls.map(async ({ id = '', name = '', args }) => {
              const outcome = await tools.refund(args as { orderId: string }).then(
                (output) => ({ output }),
                (thrown: unknown) => ({ error: String(thrown) }),
              )
              return createPartFromFunctionResponse(id, name, outcome)
            }),
          )
          contents.push({ role: 'user', parts: responses })
        }
      } catch (thrown) {
        error = thrown
        throw thrown
      }
    },
    goal: ({ state }) => state['42'] === 1,
    budget: { spend: { usd: 1, turns: 10 } },
  })
  return { ...(await runTrial(scenario, { plan })), error }
}

function modelCalls({ trace }: Run): string[] {
  return trace.events.flatMap((event) =>
    event.kind === 'call' && event.site.boundary === 'model' ? [`${event.occurrence}.${event.attempt}`] : [],
  )
}

const violated = ({ judgements }: Run) => judgements.filter(({ verdict }) => verdict.kind === 'violated')

describe.each<Settings>([
  { model: 'gemini-3.8-flash' },
  { model: 'gemini-3.8-flash', stream: true },
  { model: 'gemini-2.5-flash' },
  { model: 'gemini-2.5-flash', stream: true },
  { baseURL: 'https://gateway.example/google' },
])('an agent on @google/genai, %j', (settings) => {
  it('succeeds where nothing goes wrong, and is priced by the list', async () => {
    const trial = await run('', settings)
    expect(trial.trace).toMatchObject({ end: { kind: 'returned' }, claim: 'success', goal: true })
    expect(trial.trace.spend).toMatchObject({ turns: 2, modelCalls: 2, toolCalls: 1 })
    expect(trial.trace.spend.usd).toBeGreaterThan(0)
    expect(violated(trial)).toEqual([])
    expect(crossingsOf(trial.trace).every(({ result }) => result?.outcome.kind === 'ok')).toBe(true)
  })

  it('sees an ApiError when the API is overloaded, and asks again where it is told to', async () => {
    const once = await run('model:*#1 = model/overloaded', settings)
    expect(once.error).toBeInstanceOf(ApiError)
    expect(once.error).toMatchObject({ status: 503, message: expect.stringContaining('The model is overloaded') })
    const again = await run('model:*#1 = model/overloaded', { ...settings, attempts: 3 })
    expect(modelCalls(again)).toEqual(['1.1', '1.2', '2.1'])
    expect(again.trace).toMatchObject({ claim: 'success', goal: true })
  })

  it('tells the model of a tool that failed, and is asked for the same call again', async () => {
    const trial = await run('tool:refund#1 = tool/unavailable', settings)
    expect(trial.trace).toMatchObject({ goal: true, claim: 'success', spend: { toolCalls: 2 } })
    expect(violated(trial)).toEqual([])
  })
})

it('is told in the body how long to wait, a date too, for the client shows no headers', async () => {
  for (const [retryAfter, told] of [
    ['30', '30s'],
    ['Thu, 01 Jan 2026 00:02:00 GMT', '120s'],
    ['soon', undefined],
  ]) {
    const { error } = await run(`model:*#1 = model/rate-limited(retryAfter: "${retryAfter}")`)
    const details: { retryDelay?: string }[] = JSON.parse((error as ApiError).message).error.details ?? []
    expect(details.at(-1)?.retryDelay).toBe(told)
  }
})

describe('a stream to @google/genai', () => {
  it.each([
    ['reset', /terminated/],
    ['clean-end', /Incomplete JSON segment|the answer has no end/],
  ])('that is cut by a %s is an error', async (how, message) => {
    const { error, trace } = await run(`model:*#2 = model/stream-cut(how: "${how}")`, { stream: true })
    expect((error as Error).message).toMatch(message)
    expect(trace.claim).toBe('failure')
  })

  it('that holds an error is one of its status', async () => {
    const { error } = await run('model:*#2 = model/stream-error', { stream: true })
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ status: 503 })
  })
})
