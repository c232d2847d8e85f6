/** Proves that agents on Google's own SDK are judged as others are: the correct ones stand all that is tried. */
import { assertResilient, defineScenario } from 'agent-chaos'
import { describe, expect, it } from 'vitest'
import bySignedCalls, { dispatcherBy } from '../fixtures/gemini/generate-content.js'
import { errandFor } from '../fixtures/openai/desk.js'
import { withstandPlans } from '../support/scenarios/trials.js'

const plansEach = 40

describe.each([
  ['with signed calls', bySignedCalls],
  ['with calls that have no ids', defineScenario(errandFor('calls without ids', dispatcherBy('gemini-2.5-flash')))],
])('the agent on generateContent, %s', (_what, scenario) => {
  it('withstands what a search by default brings', async () => {
    await expect(assertResilient(scenario)).resolves.toBeUndefined()
  })

  it(`violates nothing under ${plansEach} random plans`, async () => {
    await withstandPlans(scenario, plansEach)
  })
})

describe('found without any fault is an agent that', () => {
  it('drops what the model signed', async () => {
    const forgetful = dispatcherBy('gemini-3.8-flash', ({ thoughtSignature: _, ...part }) => part)
    const scenario = defineScenario(errandFor('without signatures', forgetful))
    await expect(assertResilient(scenario)).rejects.toThrow(/missing a thought_signature/)
  })
})
