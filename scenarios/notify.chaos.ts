/** Notifying customers: each of them hears of it once, whatever is delivered twice, late, or without an answer. */
import { defineScenario } from 'agent-chaos'
import {
  backoffRespected,
  breakerConforms,
  breakerProfiles,
  breakerTrips,
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
import { mail, mailAgent } from './notify/world.js'

const breaker = { ...breakerProfiles.cockatiel({ consecutive: 3, halfOpenAfter: 30_000 }), timeoutMs: 15_000 }
const notify = { ...breaker, site: 'tool:notify' }

export default defineScenario({
  ...mail,
  name: 'notify-customers',
  agent: mailAgent(),
  invariants: [
    effectsExactlyOnce(),
    idempotencyKeysDisciplined({ kinds: ['message'] }),
    breakerTrips({
      turns: 16,
      afterToolFailures: 12,
      dependencies: [notify],
    }),
    breakerConforms({ dependencies: [notify] }),
    toolErrorsStructured(),
    traceComplete(),
    backoffRespected(),
    permanentErrorsNotRetried(),
    transientErrorsRetried(),
    retryAmplificationBounded(),
    noEffectAfterStop(),
    nothingLeftRunning(),
    secretsNotLeaked(),
  ],
})
