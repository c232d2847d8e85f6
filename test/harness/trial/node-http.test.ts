/** Agents whose model clients are on `node:http` and `node:https`: they get what those on `fetch` get. */
import 'agent-chaos/register'
import http from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import Anthropic from '@anthropic-ai/sdk'
import { assertResilient, type ResilienceError, runTrial } from 'agent-chaos'
import { describe, expect, it } from 'vitest'
import {
  type Agent,
  create,
  events,
  finalMessage,
  loop,
  oneRefund,
  rawEvents,
  refunding,
  refundTool,
  twoRefunds,
} from '../../support/trial/agents.js'
import { bodyOf, nodeFetch, send } from '../../support/trial/node-fetch.js'

const model = 'claude-opus-5-5'
const headers = { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', 'x-api-key': 'sk-ant-test' }
type Message = Pick<Anthropic.Message, 'content'>

/** Posts with nothing but `node:https`, and reads the answer by hand. */
const byHand =
  (url: string, ask: (url: string, body: object) => Promise<Message>): Agent =>
  async ({ task, tools }) => {
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
    for (;;) {
      const { content } = await ask(url, { model, max_tokens: 1024, messages, tools: [refundTool] })
      messages.push({ role: 'assistant', content })
      const asked = content.find((block) => block.type === 'tool_use')
      if (!asked) return 'done'
      const output = JSON.stringify(await tools.refund(asked.input as never))
      messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: asked.id, content: output }] })
    }
  }

async function post(url: string, body: object): Promise<string> {
  const response = await send(url, { method: 'POST', headers, body: JSON.stringify(body) })
  const text = await bodyOf(response)
  if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${text}`)
  return text
}

const whole = async (url: string, body: object): Promise<Message> => JSON.parse(await post(url, body))

/** Puts the events of the stream together. */
const streamMessage = async (url: string, body: object): Promise<Message> => {
  const content: { type: string; text?: string; input?: unknown; json?: string }[] = []
  for (const line of (await post(url, { ...body, stream: true })).split('\n')) {
    if (!line.startsWith('data: ')) continue
    const event = JSON.parse(line.slice(6))
    const block = content[event.index]
    if (event.type === 'content_block_start') content[event.index] = { ...event.content_block, json: '' }
    if (event.type === 'content_block_delta' && block) {
      if (event.delta.type === 'text_delta') block.text += event.delta.text
      if (event.delta.type === 'input_json_delta') block.json += event.delta.partial_json
    }
    if (event.type === 'content_block_stop' && block?.type === 'tool_use') block.input = JSON.parse(block.json || '{}')
  }
  return { content: content.map(({ json: _, ...block }) => block) as unknown as Anthropic.ContentBlock[] }
}

const own = 'https://api.anthropic.com/v1/messages'

describe('a model client on node:http', () => {
  it.each([
    ['whole', own, whole],
    ['streamed', own, streamMessage],
    ['whole, by a gateway that is known by its path', 'https://gateway.example/llm/v1/messages', whole],
    ['streamed, by a gateway on http', 'http://gateway.example:8080/v1/messages', streamMessage],
  ])('written by hand is answered: %s', async (_name, url, ask) => {
    const { trace } = await runTrial(refunding(byHand(url, ask)).scenario)
    expect(trace).toMatchObject({ end: { kind: 'returned' }, goal: true })
    expect(trace.events.filter(({ kind }) => kind === 'stray-request')).toEqual([])
  })

  it.each([
    ['set outside of the trial', 'http://localhost:4000/gateway', false],
    ['set by the agent itself, as dotenv does', 'http://127.0.0.1:4000', true],
  ])('reaches the simulated model at ANTHROPIC_BASE_URL on this machine: %s', async (_how, base, byAgent) => {
    const before = process.env.ANTHROPIC_BASE_URL
    if (!byAgent) process.env.ANTHROPIC_BASE_URL = base
    try {
      const agent: Agent = (context) => {
        if (byAgent) process.env.ANTHROPIC_BASE_URL = base
        return byHand(`${process.env.ANTHROPIC_BASE_URL}/v1/messages`, whole)(context)
      }
      expect((await runTrial(refunding(agent).scenario)).trace).toMatchObject({ end: { kind: 'returned' }, goal: true })
    } finally {
      if (before === undefined) delete process.env.ANTHROPIC_BASE_URL
      else process.env.ANTHROPIC_BASE_URL = before
    }
  })

  it('is asked again after a crash in the middle, and its first process gets nothing more', async () => {
    const got: string[] = []
    const agent: Agent = (context) =>
      byHand(own, async (url, body) => {
        got.push(`asks ${context.attempt}`)
        const answer = await whole(url, body)
        got.push(`has ${context.attempt}`)
        return answer
      })(context)
    const { trace } = await runTrial(refunding(agent).scenario, { plan: 'model:*#1 = process/crash(phase: "during")' })
    expect(trace).toMatchObject({ end: { kind: 'returned' }, goal: true })
    expect(got).toEqual(['asks 1', 'asks 2', 'has 2', 'asks 2', 'has 2'])
  })

  it('that still waits gets nothing more once its trial is over, nor does it disturb the next', async () => {
    const got: string[] = []
    const body = { model, max_tokens: 1, messages: [{ role: 'user', content: 'x' }] }
    const { scenario } = refunding(async () => {
      whole(own, body).then(
        () => got.push('answered'),
        () => got.push('failed'),
      )
      await new Promise((resolve) => setTimeout(resolve, 100))
      return 'done'
    })
    const run = () => runTrial(scenario, { plan: 'model:*#1 = model/timeout' })
    const [first, second] = [await run(), await run()]
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(got).toEqual([])
    expect(second.trace).toEqual(first.trace)
    expect(first.trace.events.some(({ kind }) => kind === 'call')).toBe(true)
  })
})

describe('the trace does not say', () => {
  const styles = { create, finalMessage, events, rawEvents }
  // Without a body that stalls: fetch ends one after five minutes, and node:http never does.
  const plans = [
    '',
    'model:*#1 = model/overloaded(retryAfter: "2")',
    'model:*#2 = model/bad-request',
    'model:*#2 = model/timeout',
    'model:*#2 = model/stream-cut(how: "reset")',
    'model:*#2 = model/stream-cut(how: "clean-end")',
    'model:*#1 = model/connection-reset',
    'model:*#1 = model/stream-error',
    'model:*#2 = process/crash(phase: "during")',
  ]
  const cases = Object.entries(styles).flatMap(([name, ask]) => plans.map((plan) => [name, plan, ask] as const))
  const withFetch = (fetch?: typeof globalThis.fetch) =>
    new Anthropic({ maxRetries: 0, timeout: 60_000, ...(fetch && { fetch }) })

  it.each(cases)('whether the real SDK is on fetch or on node:https: %s, %s', async (_name, plan, ask) => {
    const run = async (fetch?: typeof globalThis.fetch) => {
      const { scenario, errors } = refunding(
        loop(ask, () => withFetch(fetch)),
        { model: twoRefunds },
      )
      const { trace } = await runTrial(scenario, { plan })
      // Each client has words of its own for a connection that went away.
      const events = trace.events.map((event) => (event.kind === 'claim' ? { ...event, error: null } : event))
      return { ...trace, events, failed: errors.length }
    }
    expect(await run(nodeFetch)).toEqual(await run())
  })
})

/** What the agent ends with. */
async function answerTo(agent: Agent): Promise<string | undefined> {
  const { trace } = await runTrial(refunding(agent).scenario)
  return trace.events.flatMap((event) => (event.kind === 'claim' ? [JSON.parse(event.result)] : []))[0]
}

describe('what a client on node:http asks for', () => {
  /** What a user is told of a scenario that does not work. */
  async function messageOf(agent: Agent): Promise<string> {
    const { report } = await assertResilient(refunding(agent, { model: oneRefund }).scenario).then(
      () => Promise.reject(new Error('it is resilient')),
      (error: ResilienceError) => error,
    )
    return [report.because, ...report.notes].join('\n')
  }

  it('is, where nobody answers, on record by method and address, and its error says what is simulated', async () => {
    const url = 'https://api.cohere.com/v2/chat?key=secret'
    const { scenario, errors } = refunding(() => send(url, { method: 'POST', body: '{}' }).then(bodyOf))
    const { trace } = await runTrial(scenario)
    const address = 'https://api.cohere.com/v2/chat'
    expect(trace.events[0]).toEqual({ at: 0, kind: 'stray-request', method: 'POST', url: address })
    expect(errors[0]).toMatchObject({
      code: 'ENOTFOUND',
      message: expect.stringMatching(/^getaddrinfo ENOTFOUND api\.cohere\.com \(agent-chaos: .*but this is: anthropic/),
    })
  })

  it('is told to the user as it is of fetch', async () => {
    const url = 'https://api.anthropic.com/v1/models'
    const reported = [
      await messageOf(() => send(url).then(bodyOf)),
      await messageOf(() => fetch(url).then((response) => response.text())),
    ].map((text) => text.slice(text.indexOf(' (a request to')))
    expect(reported[0]).toBe(reported[1])
    expect(reported[0]).toContain(
      `${url} was refused: lists of models of anthropic are not simulated; of https://api.anthropic.com only POST /v1/messages and`,
    )
  })

  it('reaches a real server on this machine, whatever its path', async () => {
    const server = http.createServer((request, response) => response.end(`real ${request.url}`))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const url = `http://localhost:${port}/v1/messages`
    expect(await answerTo(() => send(url, { method: 'POST' }).then(bodyOf))).toBe('real /v1/messages')
    await new Promise((resolve) => server.close(resolve))
  })

  it('on this machine, of a model where nobody listens, says what to set', async () => {
    const closed = http.createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    const { scenario, errors } = refunding(() =>
      send(`http://127.0.0.1:${port}/v1/messages`, { method: 'POST', body: '{}' }).then(bodyOf),
    )
    const { trace } = await runTrial(scenario)
    expect(errors[0]).toMatchObject({
      code: 'ECONNREFUSED',
      message: expect.stringContaining('set ANTHROPIC_BASE_URL='),
    })
    expect(trace.events[0]).toMatchObject({ kind: 'stray-request', method: 'POST' })
  })

  it('goes to the trial by functions that were imported before there was one', async () => {
    const answer = await answerTo(
      () =>
        new Promise<string>((resolve, reject) => {
          const sent = httpsRequest(own, { method: 'POST', headers }, ({ statusCode }) => resolve(`${statusCode}`))
          sent.on('error', reject).end('no JSON')
        }),
    )
    expect(answer).toBe('400')
  })
})
