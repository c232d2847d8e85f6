/** Wrong on purpose: its only retry comes a millisecond after an answer that asked to be left alone. */
import { defineScenario } from 'agent-chaos'
import { backoffRespected } from 'agent-chaos/invariants'
import { agentWith, shop } from '../refund/shop.js'

export default defineScenario({
  ...shop,
  name: 'one-hot-retry',
  agent: agentWith({ attemptsMax: 2, firstPauseMs: 1 }),
  invariants: [backoffRespected()],
  expect: { violates: 'backoff-respected' },
  repaired: { agent: agentWith({ attemptsMax: 2 }) },
})
