/** Wrong on purpose: a refund that failed is sent once more in the background, when the customer has been told already. */
import { defineScenario } from 'agent-chaos'
import { noEffectAfterStop } from 'agent-chaos/invariants'
import { agentWith, shop } from '../refund/shop.js'

const laterMs = 120_000

export default defineScenario({
  ...shop,
  name: 'answers-and-goes-on',
  agent: (context) => {
    const { refund } = context.tools
    const refundOrLater: typeof refund = (order) => {
      const sent = refund(order)
      sent.catch(() => setTimeout(() => void refund(order).catch(() => {}), laterMs))
      return sent
    }
    return agentWith({})({ ...context, tools: { refund: refundOrLater } })
  },
  invariants: [noEffectAfterStop()],
  expect: { violates: 'no-effect-after-stop' },
  repaired: { agent: agentWith({}) },
})
