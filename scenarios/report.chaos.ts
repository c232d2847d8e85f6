/** Writing a report to a file: it is whole or it is not there, whatever the disk does. */
import { defineScenario } from 'agent-chaos'
import {
  backoffRespected,
  breakerProfiles,
  breakerTrips,
  nothingLeftRunning,
  permanentErrorsNotRetried,
  retryAmplificationBounded,
  secretsNotLeaked,
  toolErrorsStructured,
  traceComplete,
  transientErrorsRetried,
} from 'agent-chaos/invariants'
import { week, weekAgent } from './report/world.js'

const breaker = breakerProfiles.cockatiel({ consecutive: 3, halfOpenAfter: 30_000 })

export default defineScenario({
  ...week,
  name: 'write-report',
  agent: weekAgent(),
  invariants: [
    breakerTrips({
      turns: 10,
      afterToolFailures: 5,
      noProgress: 3,
      dependencies: [{ ...breaker, site: 'tool:figures', timeoutMs: 15_000 }],
    }),
    toolErrorsStructured(),
    traceComplete(),
    backoffRespected(),
    permanentErrorsNotRetried(),
    transientErrorsRetried(),
    retryAmplificationBounded(),
    nothingLeftRunning(),
    secretsNotLeaked(),
  ],
})
