/** Wrong on purpose: when its time is up the circuit breaker lets through all that wait, in place of one to try. */
import { defineScenario } from 'agent-chaos'
import { breakerTrips } from 'agent-chaos/invariants'
import { HomeMadeBreaker } from '../flaws/home-made-breaker.js'
import { broadcast, broadcastAgent } from '../notify/broadcast.js'

const [afterFailures, resetMs, msMax] = [3, 5_000, 12_000]

const agent = (floods: boolean): ReturnType<typeof broadcastAgent> => {
  return (context) => {
    const breaker = new HomeMadeBreaker({ afterFailures, resetMs, msMax, floods })
    return broadcastAgent({
      guard: (deliver) => breaker.call(deliver),
      policy: { breakerAfter: Number.POSITIVE_INFINITY, firstPauseMs: 2 * resetMs },
    })(context)
  }
}

export default defineScenario({
  ...broadcast,
  name: 'half-open-flood',
  agent: agent(true),
  invariants: [
    breakerTrips({
      dependencies: [
        {
          site: 'tool:notify',
          trips: { kind: 'consecutive', failures: afterFailures },
          resetAfterMs: resetMs,
          timeoutMs: msMax,
        },
      ],
    }),
  ],
  expect: { violates: 'breaker-trips' },
  repaired: { agent: agent(false) },
})
