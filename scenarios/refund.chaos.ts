/** Refunding an order: an agent that is meant to survive everything that the harness does to it. */
import { defineScenario } from 'agent-chaos'
import {
  breakerTrips,
  effectsExactlyOnce,
  noPartialEffects,
  permanentErrorsNotRetried,
  transientErrorsRetried,
} from 'agent-chaos/invariants'
import { agentWith, shop } from './refund/shop.js'

export default defineScenario({
  ...shop,
  name: 'refund-order',
  agent: agentWith({}),
  invariants: [
    effectsExactlyOnce(),
    noPartialEffects(),
    breakerTrips({ turns: 10, afterToolFailures: 5 }),
    permanentErrorsNotRetried(),
    transientErrorsRetried(),
  ],
})
