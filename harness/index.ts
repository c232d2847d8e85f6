/** `agent-chaos`: scenarios, simulated models, trials and searches. */
export type { BreakerHook, BreakerNews, BreakerState, CockatielBreaker, Observe, OpossumBreaker } from './breaker.js'
export type { Budget, GateKind, SpendLimits } from './budget.js'
export { type Config, defineConfig } from './config.js'
export type { Block, Conversation, Message, Reply, StopReason, Usage } from './conversation.js'
export { defineScenario } from './define.js'
export { UserError } from './errors.js'
export type { Invariant } from './invariant.js'
export type { PlannedFault } from './landing.js'
export {
  assertResilient,
  faultPlans,
  type ProofSettings,
  ResilienceError,
  type ResilienceSettings,
  replay,
  runCampaign,
  runTrial,
  type Trial,
  type TrialSettings,
  verdictOf,
} from './library.js'
export { type Persona, personas } from './model/persona.js'
export { policy } from './model/policy.js'
export { call, giveUp, say, script } from './model/script.js'
export type { Model, ModelContext } from './model.js'
export { type ObservedRates, profileFrom } from './observed.js'
export { badDayAtTheProvider, flakyTools, lossyNetwork } from './presets.js'
export { listPrices, listPricesAsOf, type Price, type Prices } from './prices.js'
export type { Bursts, Outages, ProfileOptions, WeatherOptions } from './profile-options.js'
export type { Report, ScenarioReport, ViolationReport } from './report.js'
export type {
  AgentContext,
  EffectFunction,
  EffectInfo,
  ErrorShapes,
  GoalContext,
  Scenario,
  ScenarioOptions,
  World,
  WorldContext,
} from './scenario.js'
export type { Claim, Crossing, End, Intent, Outcome, Spend, Trace, TraceEvent } from './trace.js'
export { crossingsOf, digestOf } from './trace.js'
export type { Judgement, Verdict } from './verdict.js'
