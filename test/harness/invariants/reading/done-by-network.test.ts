/**
 * Proves what a duplicate of the network is, in real trials: nobody's fault where the service is declared to take no keys,
 * and the agent's or the tool's wherever somebody could have told it apart.
 */
import { defineScenario, runTrial, say, script, verdictOf } from 'agent-chaos'
import { describe, expect, it } from 'vitest'
import type { ServiceOptions } from '../../../../harness/contracts/service.js'

type Idempotency = ServiceOptions['idempotency']

interface Desk {
  order(times: number): Promise<void>
}

/** Orders by POST, so many times, itself or through a tool. */
function ordering(idempotency: Idempotency, { times = 1, byTool = false, key = '' } = {}) {
  return defineScenario<{ orders: number }, Desk>({
    name: 'ordering',
    task: 'Order one.',
    state: () => ({ orders: 0 }),
    world: ({ http, state }) => {
      http.service(
        'https://shop.test',
        () => {
          state.orders++
          return { status: 201, json: { id: state.orders } }
        },
        { ...(idempotency !== undefined && { idempotency }), intent: () => ({ kind: 'order', intent: 'one' }) },
      )
      return { tools: { order: (times) => order(times, key) } }
    },
    model: script([say('not asked')]),
    agent: async ({ tools }) => (byTool ? tools.order(times) : order(times, key)),
    goal: ({ state }) => state.orders === 1,
  })
}

async function order(times: number, key: string): Promise<void> {
  const headers = key === '' ? {} : { 'idempotency-key': key }
  for (let n = 0; n < times; n++) await fetch('https://shop.test/orders', { method: 'POST', headers, body: '{}' })
}

const duplicate = 'http:*#1 = http/duplicate'

async function verdicts(scenario: ReturnType<typeof ordering>, plan: string) {
  const trial = await runTrial(scenario, { plan })
  return ['effects-exactly-once', 'no-invented-success'].map((name) => verdictOf(trial, name).kind)
}

describe('a request that the network delivered twice', () => {
  it('is no fault of the client of a service that is declared to take no keys', async () => {
    expect(await verdicts(ordering('none'), duplicate)).toEqual(['held', 'vacuous'])
  })

  it('is judged where the scenario does not say so, and the message says how to', async () => {
    const trial = await runTrial(ordering(undefined), { plan: duplicate })
    expect(verdictOf(trial, 'effects-exactly-once')).toMatchObject({
      kind: 'violated',
      story: expect.stringContaining('declare it: `idempotency: "none"`'),
    })
  })

  it('is judged where the service takes keys, and the client sent none', async () => {
    expect(await verdicts(ordering('stripe-v1'), duplicate)).toEqual(['violated', 'violated'])
    expect(await verdicts(ordering('stripe-v1', { key: 'one' }), duplicate)).toEqual(['held', 'held'])
  })

  it('excuses no second request of the agent', async () => {
    const trial = await runTrial(ordering('none', { times: 2 }), { plan: duplicate })
    expect(verdictOf(trial, 'effects-exactly-once').kind).toBe('violated')
    expect(trial.state).toEqual({ orders: 3 })
  })

  it('is judged where it was a tool that was delivered twice, whose author could have told', async () => {
    const plan = 'tool:order#1 = tool/duplicate'
    expect(await verdicts(ordering('none', { byTool: true }), plan)).toEqual(['violated', 'violated'])
    expect(await verdicts(ordering('none', { byTool: true }), duplicate)).toEqual(['held', 'vacuous'])
  })
})

describe('two equal requests over HTTP', () => {
  it('are one intent by default, and the message says how to tell them apart', async () => {
    const scenario = defineScenario({
      name: 'two-equal-orders',
      task: 'Order two.',
      state: () => ({ orders: 0 }),
      world: ({ http, state }) => {
        http.service('https://shop.test', () => ({ json: { id: ++state.orders } }))
        return { tools: {} }
      },
      model: script([say('not asked')]),
      agent: () => order(2, ''),
      goal: ({ state }) => state.orders === 2,
    })
    expect(verdictOf(await runTrial(scenario), 'effects-exactly-once')).toMatchObject({
      kind: 'violated',
      story: expect.stringContaining('tell them apart by `intent` of the service'),
    })
  })
})
