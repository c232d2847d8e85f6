/** Wrong on purpose: when its time is up the circuit breaker lets through all that wait, in place of one to try. */
import { defineScenario } from 'agent-chaos'
import { breakerTrips } from 'agent-chaos/invariants'
import { HomeMadeBreaker } from './breaker/home-made.js'
import { broadcast, broadcastAgent } from './broadcast/broadcast.js'

const [afterFailures, resetMs, msMax] = [3, 5_000, 12_000]

export default defineScenario({
  ...broadcast,
  name: 'half-open-flood',
  agent: (context) => {
    const breaker = new HomeMadeBreaker({ afterFailures, resetMs, msMax, floods: true })
    return broadcastAgent({
      guard: (deliver) => breaker.call(deliver),
      policy: { breakerAfter: Number.POSITIVE_INFINITY, firstPauseMs: 2 * resetMs },
    })(context)
  },
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
})
