/** Wrong on purpose: a tool may take as long as it likes, and one that never answers holds the agent for ever. */
import { defineScenario } from 'agent-chaos'
import { agentWith, shop } from '../refund/shop.js'

/** The longest that a timer can wait: 24 days. */
const toolMsMax = 2 ** 31 - 1

export default defineScenario({
  ...shop,
  name: 'no-deadline',
  agent: agentWith({ toolMsMax }),
  expect: { violates: 'terminates' },
  repaired: { agent: agentWith({}) },
})
