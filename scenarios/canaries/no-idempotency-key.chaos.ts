/** Wrong on purpose: a refund without an idempotency key, so that a retry after a lost answer refunds twice. */
import { defineScenario } from 'agent-chaos'
import { agentWith, shop } from '../refund/shop.js'

export default defineScenario({
  ...shop,
  name: 'no-idempotency-key',
  agent: agentWith({ keyFor: () => undefined }),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: agentWith({}) },
})
