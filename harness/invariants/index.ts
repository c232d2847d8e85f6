/** `agent-chaos/invariants`: what an agent can be held to. */
export { type Invariant, judge } from '../contracts/invariant.js'
export { held, inconclusive, type Judgement, type Verdict, vacuous, violated } from '../contracts/verdict.js'
export { appliedEffectsReported, type ReportedEffects } from './applied-effects-reported.js'
export { type Approval, type ApprovalOptions, approvalAwaited } from './approval-awaited.js'
export { type BackoffOptions, backoffRespected } from './backoff-respected.js'
export {
  type BreakerProfile,
  breakerProfiles,
  type DependencyBreaker,
  type RateTest,
  type TripTest,
} from './breaker/profile.js'
export { type BreakerConformance, breakerConforms } from './breaker-conforms.js'
export { type BreakerRecovery, breakerRecovers, type RecoveringBreaker } from './breaker-recovers.js'
export { type BreakerLimits, breakerTrips } from './breaker-trips.js'
export { defaultInvariants, invariantCatalogue } from './catalogue.js'
export { type Compensation, type CompensationOptions, compensates } from './compensates.js'
export { deceptiveResultNotTrusted } from './deceptive-result-not-trusted.js'
export { effectsExactlyOnce } from './effects-exactly-once.js'
export { type ErrorBudget, fallsBackWhenBudgetSpent } from './falls-back-when-budget-spent.js'
export { idempotencyKeysDisciplined, type KeyDiscipline } from './idempotency-keys-disciplined.js'
export { instructionNotObeyed, type Obedience } from './instruction-not-obeyed.js'
export { makesProgress, type ProgressOptions } from './makes-progress.js'
export { noEffectAfterStop, type StopOptions } from './no-effect-after-stop.js'
export { noInventedSuccess } from './no-invented-success.js'
export { noPartialEffects } from './no-partial-effects.js'
export { noUnhandledRejection } from './no-unhandled-rejection.js'
export { type LeftoverOptions, nothingLeftRunning } from './nothing-left-running.js'
export {
  always,
  type EventOptions,
  type EventPredicate,
  type EventuallyOptions,
  eventually,
  never,
  sometimes,
} from './own/over-events.js'
export { type CheckResult, type InvariantOptions, type InvariantWords, invariant } from './own/user-defined.js'
export { partialReplyNotActedOn } from './partial-reply-not-acted-on.js'
export { permanentErrorsNotRetried } from './permanent-errors-not-retried.js'
export { type CallFailure, type CountsFailure, dependencyFailures } from './reading/outcomes.js'
export type { RunLimits } from './reading/run-limits.js'
export { type RecoveryOptions, recoversOnceHealed } from './recovers-once-healed.js'
export { type LockstepOptions, retriesNotInLockstep } from './retries-not-in-lockstep.js'
export { type AmplificationOptions, retryAmplificationBounded } from './retry-amplification-bounded.js'
export { type Secrets, secretsNotLeaked } from './secrets-not-leaked.js'
export type { SpanFacts } from './spans/spans.js'
export { terminates } from './terminates.js'
export { type ToolErrorShape, toolErrorsStructured } from './tool-errors-structured.js'
export { type TraceCompleteOptions, traceComplete } from './trace-complete.js'
export { transcriptWellFormed } from './transcript-well-formed.js'
export { type TransientErrorsRetriedOptions, transientErrorsRetried } from './transient-errors-retried.js'
export { type BudgetLimits, withinBudget } from './within-budget.js'
