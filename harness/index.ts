/** `agent-chaos`: scenarios, simulated models, trials and searches. */
import { catalogue } from '../faults/catalogue.js'
import { scenarioDefiner } from './define/define.js'
import { defaultInvariants } from './invariants/catalogue.js'
import { providers } from './providers/catalogue.js'

export type { AgentContext, EffectFunction, EffectInfo, ErrorShapes, ModelEndpoints } from './contracts/agent.js'
export type {
  BreakerHook,
  BreakerNews,
  BreakerState,
  CockatielBreaker,
  Observe,
  OpossumBreaker,
} from './contracts/breaker.js'
export type { Budget, GateKind, SpendLimits } from './contracts/budget.js'
export { type Config, defineConfig } from './contracts/config.js'
export type { Block, Conversation, Message, Reply, StopReason, Usage } from './contracts/conversation.js'
export { UserError } from './contracts/errors.js'
export type { ExecutorSettings, Executors, OpenExecutor, OpenExecutors, ScenarioSource } from './contracts/executor.js'
export type { Invariant } from './contracts/invariant.js'
export type { PlannedFault } from './contracts/landing.js'
export type { Model, ModelContext } from './contracts/model.js'
export { badDayAtTheProvider, flakyTools, lossyNetwork } from './contracts/presets.js'
export type { Price, PriceList, Prices } from './contracts/prices.js'
export type { Bursts, Outages, ProfileOptions, WeatherOptions } from './contracts/profile-options.js'
export type { EndpointOptions, EndpointsOptions, ModelEndpoint, Provider } from './contracts/provider.js'
export type { Report, ScenarioReport, ViolationReport } from './contracts/report/report.js'
export type { GoalContext, Scenario, ScenarioOptions, World, WorldContext } from './contracts/scenario.js'
export type { Claim, Crossing, End, Intent, Outcome, Spend, Trace, TraceEvent } from './contracts/trace.js'
export { crossingsOf, digestOf } from './contracts/trace.js'
export type { Judgement, Verdict } from './contracts/verdict.js'
export { type ObservedRates, profileFrom } from './define/observed.js'
export {
  assertResilient,
  type CampaignSettings,
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
export { type Persona, personas } from './models/persona.js'
export { policy } from './models/policy.js'
export { call, giveUp, say, script } from './models/script.js'
export { anthropic } from './providers/catalogue.js'

/**
 * Declares a scenario; export it as the default of a `*.chaos.ts` file, or hand it to `runTrial` and `assertResilient`.
 * Throws a `UserError` that names the rule, what was expected, what came, and the line.
 */
export const defineScenario = scenarioDefiner({ faults: catalogue, invariants: defaultInvariants, providers })
