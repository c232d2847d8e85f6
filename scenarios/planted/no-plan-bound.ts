/** Wrong on purpose: a model that talks and plans and never acts is asked to go on for ever. */
import { defineScenario } from 'agent-chaos'
import { breakerTrips } from 'agent-chaos/invariants'
import { week, weekAgent } from '../report/world.js'

export default defineScenario({
  ...week,
  name: 'no-plan-bound',
  agent: weekAgent({ nudgesMax: Number.POSITIVE_INFINITY, turnsMax: Number.POSITIVE_INFINITY }),
  // A trial is ended at ten times its budget: there is nothing to learn from a hundred turns.
  budget: { spend: { turns: 4 } },
  invariants: [breakerTrips({ turns: 10 })],
  expect: { violates: 'breaker-trips' },
  repaired: { agent: weekAgent({ nudgesMax: Number.POSITIVE_INFINITY }) },
})
