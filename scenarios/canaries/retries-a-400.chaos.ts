/** Wrong on purpose: an agent that takes every error for a hiccup and retries what can never succeed. */
import { defineScenario } from 'agent-chaos'
import { permanentErrorsNotRetried } from 'agent-chaos/invariants'
import { agentWith, shop } from '../refund/shop.js'

export default defineScenario({
  ...shop,
  name: 'retries-a-400',
  agent: agentWith({ mayPass: () => true }),
  invariants: [permanentErrorsNotRetried()],
  expect: { violates: 'permanent-errors-not-retried' },
  repaired: { agent: agentWith({}) },
})
