/** Wrong on purpose: an idempotency key made anew for every attempt protects from nothing. */
import { randomUUID } from 'node:crypto'
import { defineScenario } from 'agent-chaos'
import { agentWith, shop } from '../refund/shop.js'

export default defineScenario({
  ...shop,
  name: 'key-per-attempt',
  agent: agentWith({ keyFor: () => randomUUID() }),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: agentWith({}) },
})
