/** Wrong on purpose: the circuit breaker holds every error against the service, and opens on the client's own mistakes. */
import { defineScenario } from 'agent-chaos'
import { breakerConforms, breakerProfiles } from 'agent-chaos/invariants'
import { mail, mailAgent } from '../notify/world.js'

const breaker = breakerProfiles.cockatiel({ consecutive: 3, halfOpenAfter: 30_000 })

export default defineScenario({
  ...mail,
  name: 'breaker-counts-client-errors',
  agent: mailAgent({ countsAgainst: () => true }),
  invariants: [breakerConforms({ dependencies: [{ ...breaker, site: 'tool:notify' }] })],
  expect: { violates: 'breaker-conforms' },
})
