/** Proves that agents on Google's own SDK are judged as others are: the correct ones stand all that is tried. */
import { assertResilient, defineScenario, faultPlans, runTrial } from 'agent-chaos'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import bySignedCalls, { dispatcherBy } from '../fixtures/gemini/generate-content.js'
import { errandFor } from '../fixtures/openai/desk.js'

const plansEach = 40

describe.each([
  ['with signed calls', bySignedCalls],
  ['with calls that have no ids', defineScenario(errandFor('calls without ids', dispatcherBy('gemini-2.5-flash')))],
])('the agent on generateContent, %s', (_what, scenario) => {
  it('withstands what a search by default brings', async () => {
    await expect(assertResilient(scenario)).resolves.toBeUndefined()
  })

  it(`violates nothing under ${plansEach} random plans`, async () => {
    const plans = fc.sample(await faultPlans(scenario), { seed: 1, numRuns: plansEach })
    let landed = 0
    for (const [index, plan] of plans.entries()) {
      const { trace, judgements } = await runTrial(scenario, { plan, seed: index + 1 })
      const violated = judgements.filter(({ verdict }) => verdict.kind === 'violated')
      expect(violated, `seed ${index + 1}, ${trace.plan}`).toEqual([])
      if (trace.injections.some(({ status }) => status === 'landed')) landed++
    }
    expect(landed).toBeGreaterThan(plansEach / 2)
  })
})

describe('found without any fault is an agent that', () => {
  it('drops what the model signed', async () => {
    const forgetful = dispatcherBy('gemini-3.8-flash', ({ thoughtSignature: _, ...part }) => part)
    const scenario = defineScenario(errandFor('without signatures', forgetful))
    await expect(assertResilient(scenario)).rejects.toThrow(/missing a thought_signature/)
  })
})
