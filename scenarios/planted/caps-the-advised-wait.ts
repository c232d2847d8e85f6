/** Wrong on purpose: it waits two minutes at most, however long it was told to, and comes back into a window that is still shut. */
import { defineScenario } from 'agent-chaos'
import { backoffRespected } from 'agent-chaos/invariants'
import { adviceMs, kindOf } from '../agent/failure.js'
import { agentWith, shop } from '../refund/shop.js'

export default defineScenario({
  ...shop,
  name: 'caps-the-advised-wait',
  agent: agentWith({
    mayPass: (error) => kindOf(error) !== 'definite',
    adviceMs: (error) => Math.min(adviceMs(error), 120_000),
  }),
  invariants: [backoffRespected()],
  expect: { violates: 'backoff-respected' },
  repaired: { agent: agentWith({}) },
})
