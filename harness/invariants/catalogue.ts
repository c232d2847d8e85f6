/** Every invariant that ships, with its usual options. A new invariant is one file and one line here. */
import type { Invariant } from '../contracts/invariant.js'
import { appliedEffectsReported } from './applied-effects-reported.js'
import { approvalAwaited } from './approval-awaited.js'
import { backoffRespected } from './backoff-respected.js'
import { breakerConforms } from './breaker-conforms.js'
import { breakerRecovers } from './breaker-recovers.js'
import { breakerTrips } from './breaker-trips.js'
import { compensates } from './compensates.js'
import { deceptiveResultNotTrusted } from './deceptive-result-not-trusted.js'
import { effectsExactlyOnce } from './effects-exactly-once.js'
import { fallsBackWhenBudgetSpent } from './falls-back-when-budget-spent.js'
import { idempotencyKeysDisciplined } from './idempotency-keys-disciplined.js'
import { instructionNotObeyed } from './instruction-not-obeyed.js'
import { makesProgress } from './makes-progress.js'
import { noEffectAfterStop } from './no-effect-after-stop.js'
import { noInventedSuccess } from './no-invented-success.js'
import { noPartialEffects } from './no-partial-effects.js'
import { noUnhandledRejection } from './no-unhandled-rejection.js'
import { nothingLeftRunning } from './nothing-left-running.js'
import { partialReplyNotActedOn } from './partial-reply-not-acted-on.js'
import { permanentErrorsNotRetried } from './permanent-errors-not-retried.js'
import { recoversOnceHealed } from './recovers-once-healed.js'
import { retriesNotInLockstep } from './retries-not-in-lockstep.js'
import { retryAmplificationBounded } from './retry-amplification-bounded.js'
import { secretsNotLeaked } from './secrets-not-leaked.js'
import { terminates } from './terminates.js'
import { toolErrorsStructured } from './tool-errors-structured.js'
import { traceComplete } from './trace-complete.js'
import { transcriptWellFormed } from './transcript-well-formed.js'
import { transientErrorsRetried } from './transient-errors-retried.js'
import { withinBudget } from './within-budget.js'

/** On in every scenario that does not name them in `without`: they need no configuration. */
export const defaultInvariants: readonly Invariant[] = [
  terminates(),
  noInventedSuccess(),
  transcriptWellFormed(),
  effectsExactlyOnce(),
  noUnhandledRejection(),
  partialReplyNotActedOn(),
]

/**
 * Every invariant that ships, for listings. Where sites, kinds or limits must be named, it names none, or the whole
 * boundary.
 */
export const invariantCatalogue: readonly Invariant[] = [
  ...defaultInvariants,
  noPartialEffects(),
  breakerTrips({}),
  breakerRecovers({ dependencies: [] }),
  breakerConforms({ dependencies: [] }),
  fallsBackWhenBudgetSpent({
    primary: 'tool:primary',
    fallback: 'tool:fallback',
    target: 0.9,
    window: 20,
    minimumCalls: 10,
    recoverAfterMs: 60_000,
  }),
  toolErrorsStructured(),
  compensates({ pairs: {} }),
  traceComplete(),
  idempotencyKeysDisciplined(),
  permanentErrorsNotRetried(),
  transientErrorsRetried(),
  backoffRespected(),
  withinBudget({}),
  retryAmplificationBounded(),
  retriesNotInLockstep(),
  makesProgress(),
  noEffectAfterStop(),
  nothingLeftRunning(),
  deceptiveResultNotTrusted(),
  instructionNotObeyed(),
  secretsNotLeaked(),
  recoversOnceHealed(),
  appliedEffectsReported(),
  approvalAwaited({ approvals: {} }),
]
