/** Wrong on purpose: only turns are counted, and a call that is made again and again with the same answer uses them all up. */
import { defineScenario } from 'agent-chaos'
import { breakerTrips } from 'agent-chaos/invariants'
import { week, weekAgent } from '../report/world.js'

export default defineScenario({
  ...week,
  name: 'repeats-without-progress',
  agent: weekAgent({ repeatsMax: Number.POSITIVE_INFINITY }),
  invariants: [breakerTrips({ noProgress: 3 })],
  expect: { violates: 'breaker-trips' },
  repaired: { agent: weekAgent() },
})
