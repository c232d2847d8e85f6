/** Wrong on purpose: nothing ends the retries of a call that goes on failing. */
import { defineScenario } from 'agent-chaos'
import { agentWith, shop } from '../refund/shop.js'

export default defineScenario({
  ...shop,
  name: 'retries-for-ever',
  agent: agentWith({ attemptsMax: Number.POSITIVE_INFINITY }),
  expect: { violates: 'terminates' },
  repaired: { agent: agentWith({}) },
})
