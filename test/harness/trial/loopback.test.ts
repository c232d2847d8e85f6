/** Agents that reach the model by real sockets on this machine: in virtual time, though nothing about the sockets is. */
import 'agent-chaos/register'
import { request } from 'node:http'
import Anthropic from '@anthropic-ai/sdk'
import { runTrial } from 'agent-chaos'
import { defineFault } from 'agent-chaos/faults'
import { fetch as undiciFetch } from 'undici'
import { describe, expect, it } from 'vitest'
import {
  type Agent,
  create,
  events,
  finalMessage,
  loop,
  rawEvents,
  refunding,
  twoRefunds,
} from '../../support/trial/agents.js'
import { nodeFetch } from '../../support/trial/node-fetch.js'

const over = (transport: 'memory' | 'loopback', agent: Agent) => refunding(agent, { transport, model: twoRefunds })

const fetches: Readonly<Record<string, typeof fetch | undefined>> = {
  fetch: undefined,
  'node:http': nodeFetch,
  undici: undiciFetch as never,
}
const clientOn = (by: typeof fetch | undefined) =>
  new Anthropic({ maxRetries: 1, timeout: 60_000, ...(by && { fetch: by }) })

describe('over loopback', () => {
  it('an agent finds the model by its environment and its context, and a wrong path says so', async () => {
    const found: string[] = []
    const agent: Agent = async (context) => {
      const made = new Anthropic()
      found.push(made.baseURL, context.endpoints.anthropic.baseURL)
      found.push(await (await fetch(made.baseURL.replace(/trial-\d+/, 'trial-0'))).text())
      return loop(create, () => made)(context)
    }
    const { trace } = await runTrial(over('loopback', agent).scenario)
    expect(trace).toMatchObject({ end: { kind: 'returned' } })
    expect(found[0]).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/trial-\d+\/https\/api\.anthropic\.com$/)
    expect(found.slice(1)).toEqual([found[0], 'agent-chaos: no trial that runs has this address'])
  })

  it('nobody listens any more when the trial is over', async () => {
    let baseURL = ''
    const agent: Agent = async (context) => {
      baseURL = context.endpoints.anthropic.baseURL
      return loop(create, () => new Anthropic())(context)
    }
    await runTrial(over('loopback', agent).scenario)
    const code = await new Promise((resolve) =>
      request(baseURL)
        .on('error', (error) => resolve((error as NodeJS.ErrnoException).code))
        .end(),
    )
    expect(code).toBe('ECONNREFUSED')
  })

  const styles = { create, finalMessage, events, rawEvents }
  // Without a client that waits for ever: each has another limit of its own, or none.
  const plans = [
    '',
    'model:*#1 = model/overloaded(retryAfter: "20")',
    'model:*#2 = model/bad-request',
    'model:*#2 = model/timeout',
    'model:*#2 = model/stream-cut(how: "reset")',
    'model:*#2 = model/stream-cut(how: "clean-end")',
    'model:*#1 = model/connection-reset',
    'model:*#1 = model/stream-error',
    'model:*#2 = process/crash(phase: "during")',
    'model:*#2 = process/crash(phase: "after")',
  ]
  const cases = Object.keys(fetches).flatMap((client) =>
    Object.keys(styles).flatMap((style) => plans.map((plan) => [client, style, plan] as const)),
  )

  it.each(cases)('the trace is the one that there is in memory: by %s, %s, %s', async (client, style, plan) => {
    const run = async (transport: 'memory' | 'loopback') => {
      const ask = styles[style as keyof typeof styles]
      const { scenario, errors } = over(
        transport,
        loop(ask, () => clientOn(fetches[client])),
      )
      const { trace } = await runTrial(scenario, { plan })
      // Timers of a client's pool may be the last that there is to wait for.
      const { seconds: _, ...spend } = trace.spend
      return { ...trace, spend, events: trace.events.slice(0, -1), end: trace.end, failed: errors.length }
    }
    const trace = await run('loopback')
    expect(trace).toEqual(await run('memory'))
    expect(await run('loopback')).toEqual(trace)
  })

  it('a silence of ten minutes costs no time', async () => {
    const started = process.hrtime.bigint()
    const agent = loop(create, () => new Anthropic({ maxRetries: 0, fetch: nodeFetch }))
    const { trace } = await runTrial(over('loopback', agent).scenario, { plan: 'model:*#1 = model/timeout' })
    expect(trace.end).toEqual({ kind: 'threw' })
    expect(trace.spend.seconds).toBe(600)
    expect(Number(process.hrtime.bigint() - started) / 1e9).toBeLessThan(60)
  })

  it('a plan that asks for what it cannot carry is refused with the reason', async () => {
    const refused = defineFault({
      name: 'model/refused',
      summary: 'Nobody listens.',
      class: 'transient',
      boundaries: ['model'],
      params: {},
      action: () => ({ kind: 'refuse', how: 'refused' }),
    })
    const { scenario } = refunding(
      loop(create, () => new Anthropic()),
      { transport: 'loopback', faults: [refused] },
    )
    await expect(runTrial(scenario, { plan: 'model:*#1 = model/refused' })).rejects.toThrow(
      /transport "loopback" cannot have it refused: the server has taken the connection/,
    )
  })
})
