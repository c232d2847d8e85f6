/** What an agent was handed and uses wrongly is the user's to fix, though the agent catches what is thrown. */
import { defineScenario, say, script } from 'agent-chaos'
import { describe, expect, it } from 'vitest'
import type { AgentContext } from '../../../harness/contracts/agent.js'
import { runOne } from '../../../harness/trial/trial.js'

type Context = AgentContext<unknown, { readonly pay: () => Promise<unknown> }>

function scenarioOf(agent: (context: Context) => unknown, pay: (effect: Effect) => unknown = () => 'paid') {
  return defineScenario<unknown, { readonly pay: () => Promise<unknown> }>({
    name: 'misused',
    task: 'Pay.',
    state: (): unknown => null,
    world: ({ effect }) => ({ tools: { pay: async () => pay(effect as unknown as Effect) } }),
    model: script([say('unused')]),
    agent,
    goal: () => true,
    invariants: [],
  })
}

type Effect = (info: unknown, apply?: unknown) => Promise<unknown>

const run = (agent: (context: Context) => unknown, pay?: (effect: Effect) => unknown) =>
  runOne(scenarioOf(agent, pay) as never, { plan: [], seed: 1 })

/** As agents do. */
async function regardless(action: () => unknown): Promise<string> {
  try {
    await action()
  } catch {
    return 'went on without it'
  }
  return 'went well'
}

describe('an agent that catches what its own misuse throws', () => {
  it.each<[string, (context: Context) => unknown, string]>([
    [
      'of a second breaker under one name',
      ({ observe }) => {
        observe.breaker('tool:pay')
        observe.breaker('tool:pay')
      },
      'observe: a breaker before tool:pay is observed already; expected one for each site',
    ],
    ['of a site that is none', ({ observe }) => observe.breaker('pay'), '"pay" is no site'],
    [
      'of a breaker that is none',
      ({ observe }) => observe.opossum({} as never, 'tool:pay'),
      "a CircuitBreaker of opossum's",
    ],
    [
      'of a method that a client does not have',
      ({ wrap }) => wrap({}, { charge: () => ({ kind: 'charge', intent: 1 }) }),
      'wrap: the client has no method "charge"',
    ],
  ])('does not hide it: %s', async (_, misuse, message) => {
    const trial = run((context) => regardless(() => misuse(context)))
    await expect(trial).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(message),
      where: expect.stringMatching(/misuse\.test\.ts:\d+$/),
    })
  })

  it.each<[string, (effect: Effect) => unknown, string]>([
    ['no kind', (effect) => effect({ intent: 1 }, () => {}), 'kind: expected a text, got undefined'],
    [
      'nothing to apply',
      (effect) => effect({ kind: 'pay', intent: 1 }),
      'expected a function to apply, or info.steps, got undefined',
    ],
    [
      'no steps',
      (effect) => effect({ kind: 'pay', intent: 1, steps: [] }),
      'steps: expected functions in an array, at least one',
    ],
    ['nothing at all', (effect) => effect(undefined), 'expected { kind, intent }, got undefined'],
  ])('does not hide an effect of its world with %s', async (_, pay, message) => {
    const trial = run(({ tools }) => regardless(() => tools.pay()), pay)
    await expect(trial).rejects.toMatchObject({
      message: expect.stringContaining(`effect(info, apply): ${message}`),
      where: expect.stringMatching(/misuse\.test\.ts:\d+$/),
    })
  })

  it('has its trial where nothing is misused', async () => {
    const { trace } = await run(({ observe, tools }) => {
      observe.breaker('tool:pay')
      return tools.pay()
    })
    expect(trace.claim).toBe('success')
  })
})
