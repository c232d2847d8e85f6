/**
 * `agent-chaos/provider-kit`: what who writes a provider needs. The contract, the helpers that go with it, and the laws that
 * every provider is held to.
 */
export { type ModelFailureCode, modelFailureCodes } from '../../faults/action.js'
export type { Json } from '../../faults/json.js'
export type { Lacks, Trait } from '../../faults/site.js'
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
} from '../contracts/conversation.js'
export { type Arrived, type RefusalReason, refusalReasons } from '../contracts/failure.js'
export { type Price, type PriceList, type Prices, priceOf } from '../contracts/prices.js'
export {
  type Api,
  type CallIds,
  type ClientEnvironment,
  type EndpointOptions,
  endpointOf,
  type FailureDetails,
  type Lack,
  type ModelCall,
  type ModelEndpoint,
  type ModelQuery,
  type Provider,
  type ProviderSession,
  prefixedCallIds,
  type Refusal,
  type Route,
  simulatedKeyMark,
  type Utility,
  type WireAnswer,
  type WireRequest,
} from '../contracts/provider.js'
export { type BaseURLs, type RouteTaken, routeOf } from '../contracts/routes.js'
export { type Law, providerLaws } from './laws.js'
export type { ClientReply, ClientRequest, DocumentedFailure, Subject } from './subject.js'
