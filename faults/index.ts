/** `agent-chaos/faults`: the contract of a fault, the catalogue, and plans as data and as text. */
export {
  type Action,
  type BreakPlace,
  breakPlaces,
  type CrashPhase,
  type Edit,
  type Ending,
  type EventPlace,
  eventPlaces,
  type FailureCode,
  type FileErrorCode,
  failureCodes,
  fileErrorCodes,
  type Mistake,
  type ModelFailureCode,
  type Modifier,
  modelFailureCodes,
  type Reject,
  type Substitute,
  type Symptom,
} from './action.js'
export { type ActionAt, type ActionAtEach, type Boundary, boundaries, type OneOrMore } from './boundaries.js'
export { catalogue } from './catalogue.js'
export {
  defineFault,
  describeFault,
  type Fault,
  type FaultClass,
  type FaultDescription,
  faultClasses,
} from './fault.js'
export type { Json } from './json.js'
export { canaryToken } from './params/instruction.js'
export type { GivenParams, Param, Params, ParamValue, ParamValues } from './params/param.js'
export { type Decoded, decodePlan, encodePlan, type NotationError } from './plan/notation.js'
export type { FaultUse, Injection, Plan, When } from './plan/plan.js'
export type { Address, Lacks, Site, SiteSelector, Trait } from './site.js'
