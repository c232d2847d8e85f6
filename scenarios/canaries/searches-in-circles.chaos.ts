/** Wrong on purpose: every answer to the same search is fine, so nothing is counted, and it is made for the twentieth time. */
import { defineScenario } from 'agent-chaos'
import { makesProgress } from 'agent-chaos/invariants'
import { desk, deskAgent } from '../research/world.js'

export default defineScenario({
  ...desk,
  name: 'searches-in-circles',
  agent: deskAgent({ repeatsMax: Number.POSITIVE_INFINITY }),
  invariants: [makesProgress()],
  expect: { violates: 'makes-progress' },
  repaired: { agent: deskAgent() },
})
