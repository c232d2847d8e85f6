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
    expect(error?.message).toMatch(
      /the agent failed with TypeError: no such order\n {2}error: TypeError: no such order\n {2}at: .*baseline\.test\.ts:\d+$/,
    )
  })

  it('gives no plans, and says the same, at the line', async () => {
    const error = await errorOf(faultPlans(failing))
    expect(error).toBeInstanceOf(UserError)
    expect(error?.message).toContain('error: TypeError: no such order')
    expect((error as UserError).where).toMatch(/baseline\.test\.ts:\d+$/)
    expect((await errorOf(faultPlans(missing)))?.message).toContain('final state: {"paid":{"42":42}}')
  })
})
