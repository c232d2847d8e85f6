/** Wrong on purpose: the client below the agent retries too, so that three tries become twelve and nobody counts them. */
import { defineScenario } from 'agent-chaos'
import { retryAmplificationBounded } from 'agent-chaos/invariants'
import { retrying } from '../flaws/retrying-client.js'
import { agentWith, shop } from '../refund/shop.js'

export default defineScenario({
  ...shop,
  name: 'nested-retries',
  agent: (context) => agentWith({})({ ...context, tools: { refund: retrying(context.tools.refund) } }),
  invariants: [retryAmplificationBounded()],
  expect: { violates: 'retry-amplification-bounded' },
  repaired: { agent: agentWith({}) },
})
