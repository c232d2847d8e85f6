/** A research task of many turns, with models that loop and spiral, and a search engine that comes and goes. */
import { defineScenario } from 'agent-chaos'
import {
  backoffRespected,
  breakerConforms,
  breakerProfiles,
  breakerRecovers,
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
import { desk, deskAgent } from './research/world.js'

const breaker = { ...breakerProfiles.cockatiel({ consecutive: 3, halfOpenAfter: 10_000 }), timeoutMs: 15_000 }
const search = { ...breaker, site: 'tool:search', fallback: ['tool:cachedSearch'] }

export default defineScenario({
  ...desk,
  name: 'research',
  agent: deskAgent(),
  invariants: [
    effectsExactlyOnce(),
    idempotencyKeysDisciplined({ kinds: ['note', 'publication'] }),
    breakerTrips({ turns: 25, afterToolFailures: 15, noProgress: 3, dependencies: [search] }),
    breakerRecovers({ dependencies: [search] }),
    breakerConforms({
      dependencies: [search, { ...breaker, site: 'tool:cachedSearch' }, { ...breaker, site: 'tool:read' }],
    }),
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
