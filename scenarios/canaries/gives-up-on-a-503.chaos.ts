/** Wrong on purpose: an agent that takes every error for final, a 503 included. */
import { defineScenario } from 'agent-chaos'
import { transientErrorsRetried } from 'agent-chaos/invariants'
import { agentWith, shop } from '../refund/shop.js'

export default defineScenario({
  ...shop,
  name: 'gives-up-on-a-503',
  agent: agentWith({ mayPass: () => false }),
  invariants: [transientErrorsRetried()],
  expect: { violates: 'transient-errors-retried' },
  repaired: { agent: agentWith({}) },
})
