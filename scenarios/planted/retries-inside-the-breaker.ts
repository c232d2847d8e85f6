/** Wrong on purpose: retries inside the circuit breaker, which sees one failure where there were three and stays closed. */
import { defineScenario } from 'agent-chaos'
import { breakerProfiles, breakerTrips } from 'agent-chaos/invariants'
import { retrying } from '../flaws/retrying-client.js'
import { mail, mailAgent } from '../notify/world.js'

const breaker = breakerProfiles.cockatiel({ consecutive: 3, halfOpenAfter: 30_000 })

export default defineScenario({
  ...mail,
  name: 'retries-inside-the-breaker',
  agent: (context) => mailAgent({ attemptsMax: 1 })({ ...context, tools: { notify: retrying(context.tools.notify) } }),
  invariants: [breakerTrips({ dependencies: [{ ...breaker, site: 'tool:notify', timeoutMs: 15_000 }] })],
  expect: { violates: 'breaker-trips' },
  repaired: { agent: mailAgent() },
})
