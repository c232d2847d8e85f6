/** A support desk with a stream of tickets on one error budget: while it is spent, tickets go to a person. */
import { defineScenario } from 'agent-chaos'
import {
  backoffRespected,
  breakerProfiles,
  breakerTrips,
  effectsExactlyOnce,
  fallsBackWhenBudgetSpent,
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
import { day, deskWith, errorBudget } from './support-desk/world.js'

const breaker = { ...breakerProfiles.cockatiel({ consecutive: 3, halfOpenAfter: 10_000 }), timeoutMs: 15_000 }

export default defineScenario({
  ...day,
  name: 'support-desk',
  agent: deskWith(),
  invariants: [
    effectsExactlyOnce(),
    idempotencyKeysDisciplined({ kinds: ['answer', 'escalation'] }),
    breakerTrips({
      turns: 72,
      dependencies: [
        { ...breaker, site: 'tool:lookup' },
        { ...breaker, site: 'tool:answer' },
        { ...breaker, site: 'tool:escalate' },
      ],
    }),
    fallsBackWhenBudgetSpent({ ...errorBudget, primary: 'model:*', fallback: 'tool:escalate' }),
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
