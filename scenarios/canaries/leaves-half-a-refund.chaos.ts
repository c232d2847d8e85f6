/** Wrong on purpose: a change in steps that broke off in the middle is left as it is, neither completed nor undone. */
import { defineScenario } from 'agent-chaos'
import { noPartialEffects } from 'agent-chaos/invariants'
import { explain } from '../agent/failure.js'
import { agentWith, shop } from '../refund/shop.js'

export default defineScenario({
  ...shop,
  name: 'leaves-half-a-refund',
  agent: agentWith({ attemptsMax: 1, explain: (error) => ({ ...explain(error), recoverable: false }) }),
  invariants: [noPartialEffects()],
  expect: { violates: 'no-partial-effects' },
  repaired: { agent: agentWith({}) },
})
