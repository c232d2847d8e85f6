/** Wrong on purpose: the circuit breaker counts failures and never opens. */
import { defineScenario } from 'agent-chaos'
import { breakerProfiles, breakerTrips } from 'agent-chaos/invariants'
import { company, companyAgent } from '../refund/company.js'

const breaker = breakerProfiles.cockatiel({ consecutive: 3, halfOpenAfter: 30_000 })

export default defineScenario({
  ...company,
  name: 'breaker-never-opens',
  agent: companyAgent({ breakerAfter: Number.POSITIVE_INFINITY }),
  invariants: [
    breakerTrips({ dependencies: [{ ...breaker, site: 'http:"POST payments.example.com/*"', timeoutMs: 15_000 }] }),
  ],
  expect: { violates: 'breaker-trips' },
  repaired: { agent: companyAgent() },
})
