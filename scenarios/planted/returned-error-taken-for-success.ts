/** Wrong on purpose: the tool answers with an error in place of throwing it, and whatever is answered counts as done. */
import { defineScenario } from 'agent-chaos'
import { agentWith, shop } from '../refund/shop.js'

export default defineScenario({
  ...shop,
  name: 'returned-error-taken-for-success',
  via: 'return',
  agent: agentWith({ failureIn: () => undefined }),
  expect: { violates: 'no-invented-success' },
  repaired: { agent: agentWith({}) },
})
