/** Proves that the library says why a scenario fails by itself: the agent's error and its place, or the final state. */
import { assertResilient, defineScenario, faultPlans, ResilienceError, say, script, UserError } from 'agent-chaos'
import { describe, expect, it } from 'vitest'

const paying = (agent: () => unknown) =>
  defineScenario({
    name: 'paying',
    task: 'Pay.',
    state: () => ({ paid: new Map([['42', 42]]) }),
    model: script([say('unused')]),
    agent,
    goal: async ({ state }) => state.paid.get('42') === 4200,
  })

const missing = paying(() => 'paid')
const failing = paying(() => {
  throw new TypeError('no such order')
})

function failOn(): never {
  throw new RangeError('no such invoice')
}

const errorOf = (run: Promise<unknown>) =>
  run.then(
    () => undefined,
    (error: unknown) => error as Error,
  )

describe('a scenario that fails by itself', () => {
  it('is misconfigured where it misses the goal, whatever the agent claims, with answer and state', async () => {
    const error = await errorOf(assertResilient(missing))
    expect(error).toBeInstanceOf(ResilienceError)
    expect(error?.message).toBe(
      'scenario "paying": without any fault, the goal is not reached\n' +
        '  answer: "paid"\n  final state: {"paid":{"42":42}}',
    )
    expect((error as ResilienceError).report).toMatchObject({ verdict: 'misconfigured', violations: [] })
  })

  it('shows what the agent threw, and where', async () => {
    const error = await errorOf(assertResilient(failing))
    expect(error?.message).toMatch(/the agent failed with TypeError: no such order\n {2}at: .*baseline\.test\.ts:\d+$/)
  })

  it('says how a client finds a key that asked for one when its module loaded', async () => {
    const keyless = paying(() => {
      throw new Error('Could not resolve authentication method. Expected one of apiKey')
    })
    const remedy = 'remedy: import agent-chaos/register before the module that makes the client, so that it finds a key'
    expect((await errorOf(assertResilient(keyless)))?.message).toContain(remedy)
    expect((await errorOf(assertResilient(failing)))?.message).not.toContain('remedy')
  })

  it('gives no plans, and says the same, at the line', async () => {
    const error = await errorOf(faultPlans(failing))
    expect(error).toBeInstanceOf(UserError)
    expect(error?.message.match(/TypeError: no such order/g)).toHaveLength(1)
    expect((error as UserError).where).toMatch(/baseline\.test\.ts:\d+$/)
    expect((await errorOf(faultPlans(missing)))?.message).toContain('final state: {"paid":{"42":42}}')
  })

  it.each([
    ['throws', () => failOn(), 'no such invoice'],
    [
      'answers with what no body can be',
      () => ({ body: {} as string }),
      'a service answered with body: {}, expected text',
    ],
  ])('says so where a service of its world %s, for the agent sees a status alone', async (_what, handler, why) => {
    const calling = defineScenario({
      name: 'calling',
      task: 'Book it.',
      state: () => ({}),
      world: ({ http }) => {
        http.service('https://books.example', handler)
        return {}
      },
      model: script([say('unused')]),
      agent: async ({ fetch }) => {
        const { status } = await fetch('https://books.example/invoices', { method: 'POST', body: '{}' })
        if (status !== 200) throw new Error(`the books said ${status}`)
      },
      goal: () => true,
    })
    const error = await errorOf(assertResilient(calling))
    expect(error?.message).toContain('Error: the books said 500')
    expect(error?.message).toContain(`POST books.example/invoices answered 500, for its handler threw: ${why}`)
  })
})
