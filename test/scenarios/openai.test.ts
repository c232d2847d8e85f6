/** Proves that agents on OpenAI's own SDK are judged as others are: the correct ones stand all that is tried. */
import { assertResilient, defineScenario, runTrial } from 'agent-chaos'
import { describe, expect, it } from 'vitest'
import byChat, { dispatcherBy } from '../fixtures/openai/chat.js'
import { errandFor } from '../fixtures/openai/desk.js'
import byResponses from '../fixtures/openai/responses.js'
import { withstandPlans } from '../support/scenarios/trials.js'

const plansEach = 40

describe.each([
  ['Chat Completions', byChat],
  ['Responses', byResponses],
])('the agent on %s', (_api, scenario) => {
  it('withstands what a search by default brings', async () => {
    await expect(assertResilient(scenario)).resolves.toBeUndefined()
  })

  it(`violates nothing under ${plansEach} random plans`, async () => {
    await withstandPlans(scenario, plansEach)
  })
})

describe('an agent that takes a stream which just ends for a whole reply', () => {
  const hasty = defineScenario(
    errandFor(
      'half replies',
      dispatcherBy(() => true),
    ),
  )

  it('is found by a search by default', async () => {
    await expect(assertResilient(hasty)).rejects.toThrow('model/stream-cut(how: "clean-end")')
  })

  it.each([
    ['in its arguments', 0.6, false],
    ['behind them, but before the reason why it ended', 0.9, true],
  ])('that breaks off in a call, %s, ran what had not come whole: %#', async (_where, at, ran) => {
    const plan = `model:*#1 = model/stream-cut(how: "clean-end", at: ${at})`
    const { judgements } = await runTrial(hasty, { plan, seed: 1 })
    const violated = judgements.filter(({ verdict }) => verdict.kind === 'violated').map(({ invariant }) => invariant)
    expect(violated).toEqual(ran ? ['partial-reply-not-acted-on'] : [])
  })
})
