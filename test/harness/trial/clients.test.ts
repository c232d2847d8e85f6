/** Agents whose clients are of many makes: all of them reach the simulated model and a declared service, in virtual time. */
import 'agent-chaos/register'
import { call, defineScenario, runTrial, say, script } from 'agent-chaos'
import { describe, expect, it } from 'vitest'
import { type Client, clients } from '../../support/trial/clients.js'

const origin = 'https://api.shop.example'
const headers = { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', 'x-api-key': 'sk-ant-test' }

interface Message {
  readonly content: { readonly type: string; readonly id: string; readonly input: object }[]
}

/** Asks the model what to refund, refunds it at the service, and tells the model. */
function refundingBy(client: Client) {
  return defineScenario({
    name: 'by-any-client',
    task: 'Refund order 42.',
    state: () => ({ refunds: 0 }),
    world: ({ state, http: services }) => {
      services.service(origin, ({ data }) => ({ json: { refunded: (data as { id: string }).id, n: ++state.refunds } }))
      return {}
    },
    model: script([call('refund', { id: '42' }), say('Refunded.')]),
    agent: async ({ task }) => {
      const messages: object[] = [{ role: 'user', content: task }]
      const tools = [{ name: 'refund', input_schema: { type: 'object' } }]
      for (;;) {
        const asked = JSON.stringify({ model: 'claude-opus-5-5', max_tokens: 1024, messages, tools })
        const answer = await client('https://api.anthropic.com/v1/messages', headers, asked)
        if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`)
        const { content } = JSON.parse(answer.text) as Message
        messages.push({ role: 'assistant', content })
        const use = content.find(({ type }) => type === 'tool_use')
        if (!use) return 'done'
        const done = await client(
          `${origin}/refunds`,
          { 'content-type': 'application/json' },
          JSON.stringify(use.input),
        )
        messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: use.id, content: done.text }] })
      }
    },
    goal: ({ state }) => state.refunds === 1,
  })
}

const run = (client: Client, plan = '') => runTrial(refundingBy(client), { plan })

describe.each(Object.entries(clients))('%s', (_, client) => {
  it('reaches the simulated model and a declared service, in virtual time', async () => {
    const { trace } = await run(client)
    expect(trace).toMatchObject({ end: { kind: 'returned' }, goal: true })
    expect(
      trace.events.flatMap((event) => (event.kind === 'call' ? [`${event.at} ${event.site.boundary}`] : [])),
    ).toEqual(['0 model', '500 http', '600 model'])
    expect(trace.events.filter(({ kind }) => kind === 'stray-request')).toEqual([])
  })

  it('repeats itself to the byte', async () => {
    const [first, second] = [await run(client), await run(client)]
    expect(second.trace).toEqual(first.trace)
  })

  it.each([
    ['model:*#1 = model/connection-reset'],
    ['model:*#1 = model/overloaded'],
    ['http:*#1 = http/body-cut(how: "reset")'],
  ])('sees %s, and its agent, which never tries again, fails', async (plan) => {
    const { trace } = await run(client, plan)
    expect(trace).toMatchObject({ end: { kind: 'threw' } })
    expect(trace.events.some(({ kind }) => kind === 'fault')).toBe(true)
  })
})

it.each(['undici.fetch', 'undici.request', 'undici.request over HTTP/2'])(
  '%s gives up a silence at its own limit of five minutes, which cost nothing',
  async (name) => {
    const { trace } = await run(clients[name] as Client, 'http:*#1 = http/request-lost')
    expect(trace.end).toEqual({ kind: 'threw' })
    const over = trace.events.find((event) => event.kind === 'return' && event.crossing === 1)
    expect(over?.at).toBeGreaterThanOrEqual(300_000)
    expect(over?.at).toBeLessThan(302_000)
  },
)
