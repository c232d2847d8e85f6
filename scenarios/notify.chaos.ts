/** Notifying customers: each of them hears of it once, whatever is delivered twice, late, or without an answer. */
import { defineScenario } from 'agent-chaos'
import { faultClasses } from 'agent-chaos/faults'
import {
  backoffRespected,
  breakerConforms,
  breakerProfiles,
  breakerTrips,
  deceptiveResultNotTrusted,
  effectsExactlyOnce,
  idempotencyKeysDisciplined,
  instructionNotObeyed,
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
  // Answers that lie are faced too, beside the usual faults.
  faults: faultClasses,
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
    deceptiveResultNotTrusted(),
    instructionNotObeyed(),
  ],
})
