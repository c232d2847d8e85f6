/** Agents on the real SDK, in every style that people write: what faults look like to them, and what the trace says. */
import 'agent-chaos/register'
import http from 'node:http'
import https from 'node:https'
import net, { type AddressInfo } from 'node:net'
import Anthropic from '@anthropic-ai/sdk'
import { type AnyScenario, assertResilient, crossingsOf, type ResilienceError, runTrial, type Trial } from 'agent-chaos'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ModelRequest } from '../../../harness/contracts/request.js'
import {
  type Agent,
  create,
  events,
  finalMessage,
  loop,
  rawEvents,
  refunding,
  type Settings,
  toolRunner,
  twoRefunds,
} from '../../support/trial/agents.js'
import { client } from '../../support/trial/at-import.js'

const whole: Readonly<Record<string, Agent>> = {
  'messages.create': loop(create),
  'a client made at import time': loop(create, () => client),
  'a tool runner over a thread': toolRunner(),
  'a tool runner with thread: false': toolRunner({ thread: false }),
}
const streamed: Readonly<Record<string, Agent>> = {
  'messages.stream, its last message': loop(finalMessage),
  'messages.stream, its events': loop(events),
  'stream: true': loop(rawEvents),
  'a streaming tool runner over a thread': toolRunner({ stream: true }),
  'a streaming tool runner with thread: false': toolRunner({ stream: true, thread: false }),
}
const styles = Object.entries({ ...whole, ...streamed })

async function run(agent: Agent, plan: string, settings: Settings = {}) {
  const { scenario, errors } = refunding(agent, settings)
  const trial = await runTrial(scenario, { plan })
  return { ...trial, errors }
}

/** `1.2` for the second attempt at the first turn. */
function modelCalls({ trace }: Pick<Trial, 'trace'>): string[] {
  return trace.events.flatMap((event) =>
    event.kind === 'call' && event.site.boundary === 'model' ? [`${event.occurrence}.${event.attempt}`] : [],
  )
}

describe('a conversation', () => {
  it('is on record as what goes on from the request before, with what is new alone', async () => {
    const { trace } = await run(loop(create), '')
    const asked = crossingsOf(trace).flatMap(({ call }) => (call.request.kind === 'model' ? [call] : []))
    const requests = asked.map(({ request }) => request as ModelRequest)
    expect(requests.map(({ since, before }) => [since, before])).toEqual([
      [null, 0],
      [asked[0]?.crossing, 1],
    ])
  })
})

const plans = [
  '',
  'model:*#1 = model/overloaded',
  'model:*#2 = model/unavailable(retryAfter: "7")',
  'model:*#1.* = model/overloaded',
  'model:*#2 = model/bad-request',
  'model:*#2 = model/timeout',
  'model:*#2.* = model/timeout',
  'model:*#2 = model/stream-cut(how: "reset")',
  'model:*#2 = model/stream-cut(how: "stall")',
  'tool:refund#1 = tool/unavailable',
  'tool:refund#1 = tool/reply-lost',
]

describe.each(styles)('an agent on %s', (_name, agent) => {
  const trials = new Map<string, ReturnType<typeof run>>()

  function under(plan: string): ReturnType<typeof run> {
    const known = trials.get(plan) ?? run(agent, plan)
    trials.set(plan, known)
    return known
  }

  // All in one go: the runner's own timers between two tests hold up the first trial of each.
  beforeAll(async () => {
    await Promise.all(plans.map(under))
  })

  it('succeeds where nothing goes wrong', async () => {
    const trial = await under('')
    expect(trial.trace).toMatchObject({ end: { kind: 'returned' }, claim: 'success', goal: true })
    expect(trial.trace.spend).toMatchObject({ turns: 2, modelCalls: 2, seconds: 1 })
    expect(trial.trace.spend.inputTokens).toBeGreaterThan(0)
    expect(trial.trace.events.find(({ kind }) => kind === 'claim')).toMatchObject({ result: '"Refunded."' })
    expect(trial.judgements.filter(({ verdict }) => verdict.kind === 'violated')).toEqual([])
    expect(crossingsOf(trial.trace).every(({ result }) => result?.outcome.kind === 'ok')).toBe(true)
  })

  it('is retried by the SDK when the API is overloaded once: a further attempt and no further turn', async () => {
    const trial = await under('model:*#1 = model/overloaded')
    expect(modelCalls(trial)).toEqual(['1.1', '1.2', '2.1'])
    expect(trial.trace).toMatchObject({ claim: 'success', goal: true, spend: { turns: 2, modelCalls: 3 } })
    expect(trial.trace.events.filter(({ kind }) => kind === 'fault')).toHaveLength(1)
  })

  it('waits for as long as retry-after says', async () => {
    const trial = await under('model:*#2 = model/unavailable(retryAfter: "7")')
    expect(trial.trace).toMatchObject({ claim: 'success', goal: true, spend: { turns: 2, seconds: 1 + 0.5 + 7 } })
  })

  it('sees an OverloadedError when the API stays overloaded', async () => {
    const trial = await under('model:*#1.* = model/overloaded')
    expect(modelCalls(trial)).toEqual(['1.1', '1.2', '1.3'])
    expect(trial.trace).toMatchObject({ end: { kind: 'threw' }, claim: 'failure', goal: false, spend: { turns: 1 } })
    expect(trial.errors[0]).toBeInstanceOf(Anthropic.APIError)
    expect(trial.errors[0]).toMatchObject({ status: 529, type: 'overloaded_error' })
  })

  it('sees a BadRequestError at once, which the SDK does not retry', async () => {
    const trial = await under('model:*#2 = model/bad-request')
    expect(modelCalls(trial)).toEqual(['1.1', '2.1'])
    expect(trial.trace).toMatchObject({ end: { kind: 'threw' }, claim: 'failure', goal: true })
    expect(trial.errors[0]).toBeInstanceOf(Anthropic.BadRequestError)
  })

  it('sits out a timeout, in no time at all', async () => {
    const trial = await under('model:*#2 = model/timeout')
    expect(modelCalls(trial)).toEqual(['1.1', '2.1', '2.2'])
    expect(trial.trace).toMatchObject({ claim: 'success', goal: true, spend: { turns: 2 } })
    expect(trial.trace.spend.seconds).toBeGreaterThan(300)
  })

  it('sees an APIConnectionTimeoutError when the API never answers', async () => {
    const trial = await under('model:*#2.* = model/timeout')
    expect(modelCalls(trial)).toEqual(['1.1', '2.1', '2.2', '2.3'])
    expect(trial.trace).toMatchObject({ claim: 'failure', goal: true, spend: { turns: 2 } })
    expect(trial.errors[0]).toBeInstanceOf(Anthropic.APIConnectionTimeoutError)
  })

  it.each(['reset', 'stall'])(
    'fails when the answer ends in a %s, after the 200 that the SDK retries for',
    async (how) => {
      const trial = await under(`model:*#2 = model/stream-cut(how: "${how}")`)
      expect(modelCalls(trial)).toEqual(['1.1', '2.1'])
      expect(trial.trace).toMatchObject({ end: { kind: 'threw' }, claim: 'failure', goal: true })
      expect(trial.errors[0]).toMatchObject({ message: 'terminated' })
      expect(trial.trace.spend.seconds).toBe(how === 'stall' ? 301 : 1)
      expect(crossingsOf(trial.trace).at(-1)?.result?.outcome).toMatchObject({ kind: 'failed', class: 'transient' })
    },
  )

  it('asks for the tool again when it was unavailable', async () => {
    const trial = await under('tool:refund#1 = tool/unavailable')
    const refunds = crossingsOf(trial.trace).filter(({ call }) => call.site.boundary === 'tool')
    expect(refunds.map(({ call, result }) => [call.attempt, result?.outcome.kind])).toEqual(
      // The runner's own tool and the world's tool inside it are both `tool:refund`.
      refunds.length === 2
        ? [
            [1, 'failed'],
            [2, 'ok'],
          ]
        : [
            [1, 'failed'],
            [2, 'ok'],
            [1, 'ok'],
          ],
    )
    expect(trial.trace).toMatchObject({ claim: 'success', goal: true, spend: { turns: 3 } })
  })

  it('refunds twice when the reply of the tool is lost, and believes that all is well', async () => {
    const trial = await under('tool:refund#1 = tool/reply-lost')
    expect(trial.state).toEqual({ '42': 8400 })
    expect(trial.trace).toMatchObject({ claim: 'success', goal: false })
    const violated = trial.judgements.filter(({ verdict }) => verdict.kind === 'violated')
    expect(violated.map(({ invariant }) => invariant)).toEqual(['no-invented-success', 'effects-exactly-once'])
  })
})

describe('an answer that ends in the middle as if it were whole', () => {
  const plan = 'model:*#2 = model/stream-cut(how: "clean-end")'

  it.each(Object.entries(whole))('does not parse, to %s', async (_name, agent) => {
    const trial = await run(agent, plan)
    expect(trial.trace).toMatchObject({ end: { kind: 'threw' }, claim: 'failure' })
    expect(trial.errors[0]).toBeInstanceOf(SyntaxError)
    // Node 22 says line and column too; the trace says the same under every version.
    expect(trial.trace.events.find(({ kind }) => kind === 'claim')).toMatchObject({
      error: { name: 'SyntaxError', message: expect.stringMatching(/^Unterminated string in JSON at position \d+$/) },
    })
  })

  it.each(Object.entries(streamed).filter(([name]) => !name.includes('events') && name !== 'stream: true'))(
    'is an AnthropicError to %s',
    async (_name, agent) => {
      const trial = await run(agent, plan)
      expect(trial.trace).toMatchObject({ end: { kind: 'threw' }, claim: 'failure' })
      expect(trial.errors[0]).toBeInstanceOf(Anthropic.AnthropicError)
    },
  )

  it('is taken for whole by an agent that reads raw events and does not look for the last one', async () => {
    const trial = await run(streamed['stream: true'] ?? loop(rawEvents), plan)
    expect(trial.trace).toMatchObject({ end: { kind: 'returned' }, claim: 'success' })
    expect(trial.trace.events.find(({ kind }) => kind === 'claim')).not.toMatchObject({ result: '"Refunded."' })
  })

  it('leaves an agent waiting for ever that listens for an error or a last message, and that is found out', async () => {
    const trial = await run(loop(events), plan)
    expect(trial.trace).toMatchObject({ end: { kind: 'deadlock' }, claim: null })
  })
})

describe('tool calls in parallel', () => {
  const settings: Settings = {
    model: twoRefunds,
    goal: (refunds) => refunds['42'] === 4200 && refunds['43'] === 100,
  }

  it.each(styles)('are two calls of one turn, for %s', async (_name, agent) => {
    const trial = await run(agent, '', settings)
    expect(trial.trace).toMatchObject({ claim: 'success', goal: true, spend: { turns: 2 } })
  })

  it.each(styles)(
    'are told apart by argument in a plan, and only the failed one is made again, for %s',
    async (_name, agent) => {
      const trial = await run(agent, 'tool:refund{orderId="43"}#1 = tool/unavailable', settings)
      expect(trial.trace).toMatchObject({ claim: 'success', goal: true, spend: { turns: 3 } })
      expect(trial.trace.events.filter(({ kind }) => kind === 'effect')).toHaveLength(2)
    },
  )
})

describe('an agent that is handed its way to the model', () => {
  const ask = (client: Anthropic) =>
    client.messages.create({ model: 'claude-x', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] })

  it.each([
    ['fetch', (fetch: typeof globalThis.fetch) => new Anthropic({ fetch, apiKey: 'mine' })],
    ['baseURL', (_: unknown, baseURL: string) => new Anthropic({ baseURL, apiKey: 'mine' })],
    ['a gateway of its own', () => new Anthropic({ baseURL: 'https://gateway.corp.example/anthropic' })],
  ])('reaches it by %s', async (_name, make) => {
    const { scenario } = refunding(async ({ fetch, endpoints }) => {
      const { content } = await ask(make(fetch, endpoints.anthropic.baseURL))
      return JSON.stringify(content)
    })
    const { trace } = await runTrial(scenario)
    expect(trace.events[0]).toMatchObject({ kind: 'call', site: { boundary: 'model', target: 'claude-x' } })
    expect(trace.end).toEqual({ kind: 'returned' })
  })

  it('is told by the simulated API what the real one would tell', async () => {
    const { scenario, errors } = refunding(async () => {
      await new Anthropic().messages.create({
        model: 'claude-x',
        max_tokens: 0,
        messages: [{ role: 'user', content: 'Hi' }],
      })
      return 'unreachable'
    })
    const { trace } = await runTrial(scenario)
    expect(errors[0]).toBeInstanceOf(Anthropic.BadRequestError)
    expect(crossingsOf(trace)[0]?.result?.outcome).toMatchObject({
      kind: 'failed',
      class: 'definite',
      error: { status: 400 },
    })
  })
})

/** Nobody listens there: whoever did has gone. */
async function freePort(): Promise<number> {
  const server = http.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe('other requests', () => {
  const reading =
    (url: string, init?: RequestInit): Agent =>
    async ({ fetch: handed }) => {
      const texts = await Promise.all(
        [fetch(url, init), handed(url, init)].map(async (response) => (await response).text()),
      )
      return texts.join()
    }

  it('to a foreign host are refused at once and are in the trace, without what they carry', async () => {
    const { scenario, errors } = refunding(
      reading('https://api.stripe.com/v1/refunds?key=secret', { method: 'POST', body: 'secret' }),
    )
    const { trace } = await runTrial(scenario)
    const stray = { at: 0, kind: 'stray-request', method: 'POST', url: 'https://api.stripe.com/v1/refunds' }
    expect(trace.events.filter(({ kind }) => kind === 'stray-request')).toEqual([stray, stray])
    expect(trace).toMatchObject({ end: { kind: 'threw' }, claim: 'failure', spend: { seconds: 0 } })
    expect(errors[0]).toMatchObject({ message: 'fetch failed', cause: { code: 'ENOTFOUND' } })
  })

  it.each([
    ['node:http', 'http://api.stripe.com/v1/refunds?key=secret', http.get, 'http://api.stripe.com/v1/refunds'],
    ['node:https', 'https://api.stripe.com/v1/refunds', https.get, 'https://api.stripe.com/v1/refunds'],
    ['node:http, by address', 'http://192.0.2.1:8080/', http.get, 'http://192.0.2.1:8080/'],
    ['node:http, by IPv6 address', 'http://[2001:db8::1]/', http.get, 'http://[2001:db8::1]/'],
  ] as const)('to a foreign host by %s are refused and in the trace too', async (_name, url, get, stray) => {
    const { scenario, errors } = refunding(
      () => new Promise((_, reject) => void get(url, () => reject(new Error('answered'))).on('error', reject)),
    )
    const { trace } = await runTrial(scenario)
    expect(trace.events[0]).toEqual({ at: 0, kind: 'stray-request', method: 'GET', url: stray })
    expect(errors[0]).toMatchObject({ code: 'ENOTFOUND' })
  })

  /** What a user is told of a scenario that does not work: each sentence a line, without the brackets around it. */
  async function messageOf(scenario: AnyScenario): Promise<string> {
    const { report } = await assertResilient(scenario).then(
      () => Promise.reject(new Error('it is resilient')),
      (error: ResilienceError) => error,
    )
    return [report.because, ...report.notes].join('\n').replace(/\)$/gm, '')
  }

  it.each([
    ['https://api.cohere.com/v2/chat', /the model API of Cohere is not simulated, but this is: anthropic \(/],
    ['https://llm.corp.example/v1/completions', /the model API of OpenAI's form is not simulated/],
    [
      'https://api.openai.com/v1/images/edits',
      /images of openai are not simulated; of https:\/\/api\.openai\.com only POST \/v1\/chat\/completions/,
    ],
    [
      'https://api.anthropic.com/v1/messages/batches',
      /message batches of anthropic are not simulated; of https:\/\/api\.anthropic\.com only POST \/v1\/messages and/,
    ],
    [
      'https://generativelanguage.googleapis.com/upload/v1beta/files',
      /files of gemini are not simulated; of https:\/\/generativelanguage/,
    ],
    [
      'https://europe-west1-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/google/models/gemini-2.5-pro:generateContent',
      /Google Vertex AI is not simulated.*https:\/\/api\.anthropic\.com, or ANTHROPIC_BASE_URL\), openai \(/,
    ],
    [
      'https://vertex.corp.example/v1/projects/p/locations/l/publishers/google/models/gemini-2.5-pro:generateContent',
      /the model API of Vertex AI's form is not simulated/,
    ],
    [
      'https://generativelanguage.googleapis.com/v1beta/interactions',
      /interactions of gemini are not simulated; of .* only POST \/v1beta\/models\/\*:generateContent and POST .* are simulated/,
    ],
    [
      'https://api.anthropic.com/v1/usage',
      /: of https:\/\/api\.anthropic\.com only POST \/v1\/messages and POST \/v1\/messages\/count_tokens are simulated/,
    ],
    ['https://gateway.example/llm/messages', /set ANTHROPIC_BASE_URL=https:\/\/gateway\.example\/llm$/m],
    [
      'https://api.stripe.com/v1/refunds',
      /no such service is declared \(http\.service\('https:\/\/api\.stripe\.com', handler\)/,
    ],
  ])('to %s are told with what is simulated, and what to do', async (url, said) => {
    const { scenario, errors } = refunding(reading(url, { method: 'POST', body: '{}' }))
    const reported = await messageOf(scenario)
    expect(reported).toContain(`a request to ${url} was refused: `)
    expect(reported).toMatch(said)
    expect((errors[0] as Error).cause).toMatchObject({
      code: 'ENOTFOUND',
      message: expect.stringContaining('agent-chaos'),
    })
  })

  it('to the simulated API that are none over HTTP are told for what they are', async () => {
    const { scenario } = refunding(
      () => new Promise((_, reject) => void net.connect(443, 'api.anthropic.com').on('error', reject)),
    )
    expect(await messageOf(scenario)).toContain(
      'a connection to http://api.anthropic.com:443 was refused: it carries no request over HTTP but another protocol',
    )
  })

  it('of the model to a base URL on this machine where nothing listens are told by it', async () => {
    const baseURL = `http://127.0.0.1:${await freePort()}`
    const { scenario, errors } = refunding(loop(create, () => new Anthropic({ baseURL, maxRetries: 0 })))
    expect(await messageOf(scenario)).toMatch(
      /127\.0\.0\.1:\d+\/v1\/messages was refused: nothing listens there; for the simulated model of anthropic there, set ANTHROPIC_BASE_URL=http:\/\/127\.0\.0\.1:\d+$/m,
    )
    expect(errors[0]).toMatchObject({ message: 'Connection error.', cause: { cause: { code: 'ECONNREFUSED' } } })
  })

  it.each([
    ['set outside of the trial', false],
    ['set by the agent itself, as dotenv does', true],
  ])('of the model to ANTHROPIC_BASE_URL reach the simulated one: %s', async (_how, byAgent) => {
    const before = process.env.ANTHROPIC_BASE_URL
    if (!byAgent) process.env.ANTHROPIC_BASE_URL = 'http://localhost:4000/gateway'
    try {
      const bases = new Set<string>()
      const makeClient = () => {
        if (byAgent) process.env.ANTHROPIC_BASE_URL = 'http://localhost:4000'
        const client = new Anthropic({ maxRetries: 0 })
        bases.add(client.baseURL)
        return client
      }
      const { trace } = await runTrial(refunding(loop(create, makeClient)).scenario)
      expect([...bases].join()).toMatch(/^http:\/\/localhost:4000(\/gateway)?$/)
      expect(trace).toMatchObject({ end: { kind: 'returned' }, goal: true })
      expect(process.env.ANTHROPIC_BASE_URL).toBe(byAgent ? before : 'http://localhost:4000/gateway')
    } finally {
      if (before === undefined) delete process.env.ANTHROPIC_BASE_URL
      else process.env.ANTHROPIC_BASE_URL = before
    }
  })

  it('to this machine are real', async () => {
    // A connection that is kept alive holds time still for as long as the server, which is in this process, keeps it.
    const server = http.createServer(({ url }, response) =>
      response.setHeader('connection', 'close').end(`you asked for ${url}`),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    try {
      const { trace } = await runTrial(refunding(reading(`http://127.0.0.1:${port}/menu`)).scenario)
      expect(trace.events.map(({ kind }) => kind)).toEqual(['claim', 'end'])
      expect(trace.events[0]).toMatchObject({ at: 0, result: '"you asked for /menu,you asked for /menu"' })
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
  })
})
