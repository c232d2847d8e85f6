/** Proves that agents on OpenAI's own SDK, unchanged, reach the simulated model, and what its faults are to that SDK. */
import Anthropic from '@anthropic-ai/sdk'
import { call, defineScenario, runTrial, say, script, verdictOf } from 'agent-chaos'
import OpenAI, { AzureOpenAI } from 'openai'
import OpenAI7 from 'openai-7'
import { describe, expect, it } from 'vitest'
import { asksModel } from '../../../harness/contracts/boundary.js'
import { crossingsOf, type Trace } from '../../../harness/contracts/trace.js'

type Tools = Readonly<Record<'refund' | 'email', (input: { readonly id: string }) => Promise<unknown>>>
type Agent = (task: string, tools: Tools) => Promise<string>

const names = ['refund', 'email'] as const
const parameters = { type: 'object', properties: { id: { type: 'string' } } }

function scenarioOf(agent: Agent) {
  return defineScenario({
    name: 'on the SDK',
    task: 'Refund 42 and tell the customer.',
    state: () => ({ done: [] as string[] }),
    world: ({ state, effect }) => {
      const tool = (kind: string) => ({
        [kind]: ({ id }: { readonly id: string }) =>
          effect({ kind, intent: id, key: `${kind} ${id}` }, () => {
            state.done.push(kind)
          }),
      })
      return { tools: { ...tool('refund'), ...tool('email') } as unknown as Tools }
    },
    // In one answer, where the request allows it.
    model: script([[call('refund', { id: '42' }), call('email', { id: '42' })], say('Done.')]),
    agent: ({ task, tools }) => agent(task, tools),
    goal: ({ state }) => state.done.length === 2,
    intents: names.map((kind) => ({ kind, id: '42' })),
  })
}

const run = (tools: Tools, name: string, input: string) => tools[name as 'refund'](JSON.parse(input))

function byChat(client: () => OpenAI, settings: Partial<OpenAI.ChatCompletionCreateParamsNonStreaming> = {}): Agent {
  return async (task, tools) => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: task }]
    for (;;) {
      const completion = await client().chat.completions.create({
        model: 'gpt-5.4',
        messages,
        tools: names.map((name) => ({ type: 'function', function: { name, parameters } })),
        ...settings,
      })
      const { message } = completion.choices[0] as OpenAI.ChatCompletion.Choice
      messages.push(message)
      if (!message.tool_calls) return message.content ?? ''
      for (const asked of message.tool_calls) {
        if (asked.type !== 'function') throw new Error('a function is expected')
        await run(tools, asked.function.name, asked.function.arguments)
        messages.push({ role: 'tool', tool_call_id: asked.id, content: 'done' })
      }
    }
  }
}

function byResponses(
  client: () => OpenAI,
  settings: Partial<OpenAI.Responses.ResponseCreateParamsNonStreaming> = {},
): Agent {
  return async (task, tools) => {
    let input: OpenAI.Responses.ResponseInput = [{ role: 'user', content: task }]
    let previous: string | null = null
    for (;;) {
      const response: OpenAI.Responses.Response = await client().responses.create({
        model: 'gpt-5',
        input,
        previous_response_id: previous,
        tools: names.map((name) => ({ type: 'function', name, parameters, strict: false })),
        ...settings,
      })
      const calls = response.output.filter((item) => item.type === 'function_call')
      if (calls.length === 0) return response.output_text
      previous = response.id
      input = []
      for (const { call_id, name, arguments: given } of calls) {
        await run(tools, name, given)
        input.push({ type: 'function_call_output', call_id, output: 'done' })
      }
    }
  }
}

const byMessages: Agent = async (task, tools) => {
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
  for (;;) {
    const { content } = await new Anthropic().messages.create({
      model: 'claude-opus-5-5',
      max_tokens: 100,
      messages,
      tools: names.map((name) => ({ name, input_schema: { type: 'object' } })),
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    })
    messages.push({ role: 'assistant', content })
    const results: Anthropic.ToolResultBlockParam[] = []
    for (const block of content) {
      if (block.type !== 'tool_use') continue
      await run(tools, block.name, JSON.stringify(block.input))
      results.push({ type: 'tool_result', tool_use_id: block.id, content: 'done' })
    }
    if (results.length === 0) return 'done'
    messages.push({ role: 'user', content: results })
  }
}

const modelAsks = (trace: Trace) => crossingsOf(trace).filter(({ call }) => asksModel(call.site))
/** How many tools each answer calls. */
const callsOf = (trace: Trace) =>
  modelAsks(trace).map(({ result }) => result?.reply?.blocks.filter(({ kind }) => kind === 'tool-call').length)

const plain = () => new OpenAI()
const azure = () =>
  new AzureOpenAI({ endpoint: 'https://shop.openai.azure.com', apiVersion: '2024-10-21', deployment: 'our-gpt' })

describe.each<[string, Agent]>([
  ['openai 6, Chat Completions', byChat(plain)],
  ['openai 6, Responses', byResponses(plain)],
  ['openai 7, Chat Completions', byChat(() => new OpenAI7() as unknown as OpenAI)],
  ['openai 7, Responses', byResponses(() => new OpenAI7() as unknown as OpenAI)],
  ['AzureOpenAI', byChat(azure)],
  ['a gateway', byChat(() => new OpenAI({ baseURL: 'https://openrouter.ai/api/v1' }), { model: 'openai/gpt-5.4' })],
])('an agent on %s', (_client, agent) => {
  it('reaches its goal, having been asked for both at once', async () => {
    const { trace, judgements } = await runTrial(scenarioOf(agent))
    expect(trace).toMatchObject({ end: { kind: 'returned' }, claim: 'success', goal: true })
    expect(callsOf(trace)).toEqual([2, 0])
    expect(judgements.filter(({ verdict }) => verdict.kind === 'violated')).toEqual([])
  })

  it('is tried again by the SDK where the API is overloaded, and not where the request is wrong', async () => {
    const attempts = async (plan: string) =>
      modelAsks((await runTrial(scenarioOf(agent), { plan })).trace).map(({ call }) => call.attempt)
    expect(await attempts('model:*#1 = model/overloaded')).toEqual([1, 2, 1])
    expect(await attempts('model:*#1.* = model/overloaded')).toEqual([1, 2, 3])
    expect(await attempts('model:*#1 = model/bad-request')).toEqual([1])
  })
})

describe('a limit on calls', () => {
  it.each<[string, Agent]>([
    ['Chat Completions', byChat(plain, { parallel_tool_calls: false })],
    ['Responses', byResponses(plain, { parallel_tool_calls: false })],
    ["Anthropic's Messages", byMessages],
  ])('of %s is kept: the model asks for the other call when it is asked again', async (_api, agent) => {
    const { trace } = await runTrial(scenarioOf(agent))
    expect(trace).toMatchObject({ claim: 'success', goal: true })
    expect(callsOf(trace)).toEqual([1, 1, 0])
    // A second call, which the request forbids, never reaches the agent.
    const repeated = await runTrial(scenarioOf(agent), { plan: 'model:*#1 = model/repeated-call' })
    expect(repeated.faults.map(({ status }) => status)).toEqual(['reached'])
    expect(repeated.trace.events.filter(({ kind }) => kind === 'fault')).toEqual([])
    expect(callsOf(repeated.trace)).toEqual([1, 1, 0])
  })
})

describe('a fault that has no counterpart on the wire', () => {
  it('is told of with the reason, where a plan names it', async () => {
    const trial = await runTrial(scenarioOf(byMessages), { plan: 'model:*#1 = model/malformed-input' })
    expect(trial.faults).toMatchObject([{ status: 'reached', lack: expect.stringContaining('has the input as JSON') }])
    expect(trial.trace.injections).toMatchObject([{ status: 'reached', lack: trial.faults[0]?.lack }])
    const verdict = verdictOf(trial, 'partial-reply-not-acted-on')
    expect(verdict.kind === 'inconclusive' && verdict.because).toContain(
      'it has no counterpart there: an answer at once has the input as JSON',
    )
  })

  it('is told of with what it needs, where nothing more is known', async () => {
    const plan = 'effect:refund#1 = effect/partial'
    expect((await runTrial(scenarioOf(byChat(plain)), { plan })).faults).toMatchObject([
      { status: 'reached', lack: 'it needs a crossing with steps' },
    ])
  })
})

describe('how long the SDK waits', () => {
  const pauseMs = async (plan: string) => {
    const [first, second] = modelAsks((await runTrial(scenarioOf(byChat(plain)), { plan })).trace)
    return Math.round((second?.call.at ?? 0) - (first?.result?.at ?? 0))
  }

  it.each([
    ['as it is told, in seconds', 'retryAfter: "90"', 90_000],
    ['as it is told, in milliseconds', 'retryAfterMs: "2500"', 2_500],
    ['not at all where it is told to wait for too long', 'retryAfter: "9999999"', 1],
    ['not at all where it is told nonsense', 'retryAfter: "soon"', 1],
    ['not at all where it is told to have come before', 'retryAfter: "-1"', 1],
  ])('%s', async (_how, advice, ms) => {
    expect(await pauseMs(`model:*#1 = model/rate-limited(${advice})`)).toBe(ms)
  })
})

it.each<[string, (long: string) => Agent]>([
  ['Chat Completions', (long) => (task, tools) => byChat(plain)(task + long, tools)],
  ['Responses', (long) => (task, tools) => byResponses(plain)(task + long, tools)],
])('what of a prompt of %s was read before is told, once it is long enough', async (_api, agent) => {
  const cachedTokens = async (long: string) => {
    const { trace } = await runTrial(scenarioOf(agent(long)))
    return modelAsks(trace).map(({ result }) => result?.reply?.usage.cachedInputTokens)
  }
  expect(await cachedTokens('')).toEqual([undefined, undefined])
  const [first, second] = await cachedTokens(` ${'x'.repeat(8_000)}`)
  expect([first, (second ?? 0) % 128]).toEqual([undefined, 0])
  expect(second).toBeGreaterThanOrEqual(1_920)
})

it('thinking is paid for, and is no part of the answer', async () => {
  const { trace } = await runTrial(scenarioOf(byResponses(plain)))
  expect(modelAsks(trace)[0]?.result?.reply).toMatchObject({ usage: { reasoningTokens: 192 } })
  expect(trace.spend.outputTokens).toBeGreaterThan(2 * 192)
})

it('variables that would lead a client elsewhere are unset, and the key is a dummy', async () => {
  const seen: Record<string, string | undefined> = {}
  process.env.OPENAI_ORG_ID = 'org-real'
  try {
    const { trace } = await runTrial(
      scenarioOf(async (task, tools) => {
        const { OPENAI_ORG_ID, OPENAI_API_KEY } = process.env
        Object.assign(seen, { OPENAI_ORG_ID, OPENAI_API_KEY })
        return byChat(plain)(task, tools)
      }),
    )
    expect(trace.goal).toBe(true)
  } finally {
    delete process.env.OPENAI_ORG_ID
  }
  expect(seen).toEqual({ OPENAI_ORG_ID: undefined, OPENAI_API_KEY: expect.stringContaining('simulated-key') })
})

describe.each([
  ['6', OpenAI],
  ['7', OpenAI7 as unknown as typeof OpenAI],
])('of a stream that is cut, the client %s was handed what is on record', (_version, Client) => {
  it('wherever that is', async () => {
    const handed: number[] = []
    const scenario = scenarioOf(async (task) => {
      let calls = 0
      const client = new Client({ maxRetries: 0, logLevel: 'off' })
      try {
        const tools = names.map((name) => ({ type: 'function' as const, name, parameters, strict: false }))
        const events = await client.responses.create({ model: 'gpt-5.4', input: task, stream: true, tools })
        for await (const { type } of events) if (type === 'response.function_call_arguments.done') calls++
      } finally {
        handed.push(calls)
      }
      throw new Error('enough')
    })
    const recorded: number[] = []
    for (let at = 0.3; at < 0.8; at += 0.004) {
      const plan = `model:*#1 = model/stream-cut(how: "clean-end", at: ${at.toFixed(3)})`
      const failure = modelAsks((await runTrial(scenario, { plan })).trace)[0]?.result?.outcome
      if (failure?.kind !== 'failed' || failure.failure.kind !== 'cut') throw new Error('it was not cut')
      recorded.push(failure.failure.arrived?.toolCalls.length ?? -1)
    }
    expect(recorded).toEqual(handed)
    expect(new Set(recorded)).toEqual(new Set([0, 1, 2]))
  })
})
