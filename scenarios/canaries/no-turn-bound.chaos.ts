/** Wrong on purpose: nothing stops an agent whose model asks for the same thing for ever. */
import { defineScenario } from 'agent-chaos'
import { breakerTrips } from 'agent-chaos/invariants'
import { agentWith, shop } from '../refund/shop.js'

const turnsMax = 5

export default defineScenario({
  ...shop,
  name: 'no-turn-bound',
  agent: agentWith({ repeatsMax: Number.POSITIVE_INFINITY, turnsMax: Number.POSITIVE_INFINITY }),
  // A trial is ended at ten times its budget: there is nothing to learn from a hundred turns.
  budget: { spend: { turns: 2 } },
  invariants: [breakerTrips({ turns: turnsMax })],
  expect: { violates: 'breaker-trips' },
  repaired: { agent: agentWith({ repeatsMax: Number.POSITIVE_INFINITY, turnsMax }) },
})
