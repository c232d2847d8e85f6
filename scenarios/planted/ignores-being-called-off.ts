/** Wrong on purpose: nobody looks at the signal that calls the task off, and the money moves all the same. */
import { defineScenario } from 'agent-chaos'
import { noEffectAfterStop } from 'agent-chaos/invariants'
import { agentWith, shop } from '../refund/shop.js'

export default defineScenario({
  ...shop,
  name: 'ignores-being-called-off',
  agent: (context) => agentWith({})({ ...context, signal: new AbortController().signal }),
  invariants: [noEffectAfterStop()],
  expect: { violates: 'no-effect-after-stop' },
  repaired: { agent: agentWith({}) },
})
