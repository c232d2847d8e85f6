/** Wrong on purpose: an error of the payment service is caught, and the agent goes on as if it had paid. */
import { defineScenario } from 'agent-chaos'
import { agentWith, shop } from '../refund/shop.js'

export default defineScenario({
  ...shop,
  name: 'swallows-the-error',
  agent: (context) =>
    agentWith({})({ ...context, tools: { refund: (order) => context.tools.refund(order).catch(() => undefined) } }),
  expect: { violates: 'no-invented-success' },
  repaired: { agent: agentWith({}) },
})
