/** `agent-chaos/invariants`: what an agent can be held to. */
export * from '../contracts/invariant.js'
export * from '../contracts/verdict.js'
export * from './backoff-respected.js'
export * from './breaker/profile.js'
export * from './breaker-conforms.js'
export * from './breaker-recovers.js'
export * from './breaker-trips.js'
export * from './catalogue.js'
export * from './compensates.js'
export * from './deceptive-result-not-trusted.js'
export * from './effects-exactly-once.js'
export * from './falls-back-when-budget-spent.js'
export * from './idempotency-keys-disciplined.js'
export * from './instruction-not-obeyed.js'
export * from './makes-progress.js'
export * from './no-effect-after-stop.js'
export * from './no-invented-success.js'
export * from './no-partial-effects.js'
export * from './no-unhandled-rejection.js'
export * from './nothing-left-running.js'
export {
  always,
  type EventOptions,
  type EventPredicate,
  type EventuallyOptions,
  eventually,
  never,
  sometimes,
} from './own/over-events.js'
export * from './own/user-defined.js'
export * from './partial-reply-not-acted-on.js'
export * from './permanent-errors-not-retried.js'
export { type CallFailure, type CountsFailure, dependencyFailures } from './reading/outcomes.js'
export type { RunLimits } from './reading/run-limits.js'
export * from './retry-amplification-bounded.js'
export * from './secrets-not-leaked.js'
export type { SpanFacts } from './spans/spans.js'
export * from './terminates.js'
export * from './tool-errors-structured.js'
export * from './trace-complete.js'
export * from './transcript-well-formed.js'
export * from './transient-errors-retried.js'
export * from './within-budget.js'
