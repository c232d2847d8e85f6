/** Wrong on purpose: the limit on failed tool calls is looked at when the next one has been made. */
import { defineScenario } from 'agent-chaos'
import { breakerTrips } from 'agent-chaos/invariants'
import { policies } from '../agent/policy.js'
import { agentWith, shop } from '../refund/shop.js'

const { toolFailuresMax } = policies.errand

export default defineScenario({
  ...shop,
  name: 'limit-checked-too-late',
  agent: agentWith({ toolFailuresMax: toolFailuresMax + 1 }),
  invariants: [breakerTrips({ afterToolFailures: toolFailuresMax })],
  expect: { violates: 'breaker-trips' },
  repaired: { agent: agentWith({}) },
})
