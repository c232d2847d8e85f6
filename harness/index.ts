/** `agent-chaos`: scenarios, simulated models, trials and searches. */
import { catalogue } from '../faults/catalogue.js'
import { scenarioDefiner } from './define/define.js'
import { defaultInvariants } from './invariants/catalogue.js'
import { allowTime } from './library/time-limit.js'
import { providers } from './providers/catalogue.js'

export type {
  AgentContext,
  EffectFunction,
  EffectInfo,
  ErrorShapes,
  FailureLook,
  ModelEndpoints,
  WrappedMethods,
} from './contracts/agent.js'
export type { Body } from './contracts/body.js'
export type {
  BreakerHook,
  BreakerNeed,
  BreakerNews,
  BreakerState,
  CockatielBreaker,
  Listening,
  Observe,
  OpossumBreaker,
} from './contracts/breaker.js'
export type { Budget, GateKind, SpendLimits } from './contracts/budget.js'
export { type Config, defineConfig } from './contracts/config.js'
export type {
  Block,
  BrokenCall,
  Conversation,
  Message,
  Other,
  Reply,
  ReplyIds,
  StopReason,
  ToolUse,
  Usage,
} from './contracts/conversation.js'
export type { Debugging } from './contracts/debugging.js'
export type { ErrorCode } from './contracts/error-brand.js'
export { isUserError, UserError } from './contracts/errors.js'
export type {
  Executor,
  ExecutorSettings,
  Executors,
  ExportedScenario,
  FinalState,
  OpenExecutor,
  OpenExecutors,
  RunOptions,
  ScenarioFacts,
  ScenarioSource,
  Stray,
  TrialFailure,
  TrialRecord,
  TrialSpec,
} from './contracts/executor.js'
export type { Cut, Failure } from './contracts/failure.js'
export type {
  AgentProcess,
  Clock,
  ClockSnapshot,
  FollowEnd,
  FollowOptions,
  Host,
  OpenHost,
  SetTimers,
  Stage,
  StageNetwork,
} from './contracts/host.js'
export type { Invariant } from './contracts/invariant.js'
export type { PlannedFault } from './contracts/landing.js'
export type { Model, ModelContext } from './contracts/model.js'
export { badDayAtTheProvider, flakyTools, lossyNetwork } from './contracts/presets.js'
export type { Price, PriceList, Prices } from './contracts/prices.js'
export type { Bursts, Outages, ProfileOptions, SiteProfileOptions } from './contracts/profile-options.js'
export type { EndpointOptions, EndpointsOptions, Environment, ModelEndpoint, Provider } from './contracts/provider.js'
export type { JudgedDifference, JudgedTwice } from './contracts/report/judged-twice.js'
export type { Report, ScenarioReport, ViolationReport } from './contracts/report/report.js'
export type {
  CallRequest,
  EffectRequest,
  FileRequest,
  HttpRequest,
  ModelRequest,
  Part,
  Request as CrossingRequest,
} from './contracts/request.js'
export type {
  GoalContext,
  NamedIntent,
  Repair,
  Scenario,
  ScenarioOptions,
  World,
  WorldContext,
} from './contracts/scenario.js'
export type {
  HttpWorld,
  IdempotencyProfile,
  IdempotencyProfileName,
  ServiceAnswer,
  ServiceHandler,
  ServiceOptions,
  ServiceRequest,
  TrialFiles,
} from './contracts/service.js'
export type { EndedSpan, SpanRole, SpanStatus } from './contracts/span.js'
export type {
  Claim,
  Crossing,
  End,
  ErrorFacts,
  EventOf,
  ExpectedIntent,
  InjectionRecord,
  InjectionStatus,
  Intent,
  Outcome,
  ReplyFacts,
  Spend,
  Trace,
  TraceEvent,
} from './contracts/trace.js'
export { crossingsOf, digestOf } from './contracts/trace.js'
export type { Judgement, Verdict } from './contracts/verdict.js'
export type { DefineScenario } from './define/define.js'
export { type ObservedRates, profileFrom } from './define/observed.js'
export { type CampaignSettings, runCampaign } from './library/campaign.js'
export { type ChaosTestSettings, chaosTest, type TrialCheck } from './library/chaos-test.js'
export { faultPlans } from './library/plans.js'
export { type ProofSettings, verdictOf } from './library/proof.js'
export { type Recorded, type RecordedAgent, type RecordOptions, record } from './library/record.js'
export { type RecordedOptions, recordingIn } from './library/recorded.js'
export type { RecordedState } from './library/recording/services.js'
export { assertResilient, isResilienceError, ResilienceError, type ResilienceSettings } from './library/resilience.js'
export type { AnyScenario, ScenarioFile } from './library/subject.js'
export { replay, runTrial, type Trial, type TrialSettings } from './library/trial.js'
export { type Persona, personas } from './models/persona.js'
export { policy } from './models/policy.js'
export { call, giveUp, say, script } from './models/script.js'
export type { CallStep, SayStep, Step } from './models/step.js'
export { anthropic, gemini, openai } from './providers/catalogue.js'

allowTime()

/**
 * Declares a scenario; export it as the default of a `*.chaos.ts` file, or hand it to `runTrial` and `assertResilient`.
 * Throws a `UserError` that names the rule, what was expected, what came, and the line.
 */
export const defineScenario = scenarioDefiner({ faults: catalogue, invariants: defaultInvariants, providers })
