/**
 * Refunding an order through a payment service over HTTP: money moves once or not at all, and where it does not, the
 * books are as they were.
 */
import { defineScenario } from 'agent-chaos'
import {
  backoffRespected,
  breakerProfiles,
  breakerTrips,
  compensates,
  effectsExactlyOnce,
  idempotencyKeysDisciplined,
  noEffectAfterStop,
  nothingLeftRunning,
  permanentErrorsNotRetried,
  retryAmplificationBounded,
  secretsNotLeaked,
  toolErrorsStructured,
  traceComplete,
  transientErrorsRetried,
} from 'agent-chaos/invariants'
import { company, companyAgent } from './refund/company.js'

const breaker = { ...breakerProfiles.cockatiel({ consecutive: 3, halfOpenAfter: 30_000 }), timeoutMs: 15_000 }

export default defineScenario({
  ...company,
  name: 'refund-order',
  agent: companyAgent(),
  invariants: [
    effectsExactlyOnce(),
    idempotencyKeysDisciplined({ kinds: ['reserve', 'refund', 'release'] }),
    compensates({ pairs: { reserve: 'release' } }),
    breakerTrips({
      turns: 10,
      dependencies: [
        { ...breaker, site: 'http:"POST payments.example.com/*"' },
        { ...breaker, site: 'http:"POST books.example.com/*"' },
      ],
    }),
    toolErrorsStructured(),
    traceComplete(),
    backoffRespected(),
    permanentErrorsNotRetried(),
    transientErrorsRetried(),
    retryAmplificationBounded(),
    noEffectAfterStop({ except: ['release'] }),
    nothingLeftRunning(),
    secretsNotLeaked(),
  ],
})
