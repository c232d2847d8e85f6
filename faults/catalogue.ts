/** Every fault that ships, by boundary. A new fault is one file and two lines here. */
import { jump } from './clock/jump.js'
import { duplicate as effectDuplicate } from './effect/duplicate.js'
import { late as effectLate } from './effect/late.js'
import { partial } from './effect/partial.js'
import { replyLost as effectReplyLost } from './effect/reply-lost.js'
import type { Fault } from './fault.js'
import { accessDenied } from './file/access-denied.js'
import { ioError } from './file/io-error.js'
import { noSpace } from './file/no-space.js'
import { renameLost } from './file/rename-lost.js'
import { tooManyOpen } from './file/too-many-open.js'
import { tornWrite } from './file/torn-write.js'
import { vanished } from './file/vanished.js'
import { badRequest as httpBadRequest } from './http/bad-request.js'
import { bodyCut } from './http/body-cut.js'
import { duplicate as httpDuplicate } from './http/duplicate.js'
import { empty200 } from './http/empty-200.js'
import { errorIn200 } from './http/error-in-200.js'
import { late as httpLate } from './http/late.js'
import { notFound as httpNotFound } from './http/not-found.js'
import { poisonedBody } from './http/poisoned-body.js'
import { rateLimited as httpRateLimited } from './http/rate-limited.js'
import { replyLost as httpReplyLost } from './http/reply-lost.js'
import { requestLost } from './http/request-lost.js'
import { serverError as httpServerError } from './http/server-error.js'
import { slow as httpSlow } from './http/slow.js'
import { unauthorized as httpUnauthorized } from './http/unauthorized.js'
import { unavailable as httpUnavailable } from './http/unavailable.js'
import { badRequest as modelBadRequest } from './model/bad-request.js'
import { connectionReset } from './model/connection-reset.js'
import { contextFull } from './model/context-full.js'
import { contextOverflow } from './model/context-overflow.js'
import { credulous } from './model/credulous.js'
import { emptyAnswer } from './model/empty-answer.js'
import { forgottenStep } from './model/forgotten-step.js'
import { insisting } from './model/insisting.js'
import { invalidInput } from './model/invalid-input.js'
import { looping } from './model/looping.js'
import { malformedInput } from './model/malformed-input.js'
import { maxTokens } from './model/max-tokens.js'
import { overloaded } from './model/overloaded.js'
import { rateLimited as modelRateLimited } from './model/rate-limited.js'
import { refusal } from './model/refusal.js'
import { repeatedCall } from './model/repeated-call.js'
import { reworded } from './model/reworded.js'
import { serverError as modelServerError } from './model/server-error.js'
import { slow as modelSlow } from './model/slow.js'
import { slowDown } from './model/slow-down.js'
import { spendLimit } from './model/spend-limit.js'
import { spiralling } from './model/spiralling.js'
import { streamCut } from './model/stream-cut.js'
import { streamError } from './model/stream-error.js'
import { timeout } from './model/timeout.js'
import { unavailable as modelUnavailable } from './model/unavailable.js'
import { unknownTool } from './model/unknown-tool.js'
import { wrongEntity as modelWrongEntity } from './model/wrong-entity.js'
import { cancel } from './process/cancel.js'
import { crash } from './process/crash.js'
import { timeLimit } from './process/time-limit.js'
import { badRequest as toolBadRequest } from './tool/bad-request.js'
import { duplicate as toolDuplicate } from './tool/duplicate.js'
import { emptyResult } from './tool/empty-result.js'
import { errorAsResult } from './tool/error-as-result.js'
import { exception } from './tool/exception.js'
import { hang } from './tool/hang.js'
import { late as toolLate } from './tool/late.js'
import { malformedResult } from './tool/malformed-result.js'
import { notRun } from './tool/not-run.js'
import { oversizedResult } from './tool/oversized-result.js'
import { poisonedResult } from './tool/poisoned-result.js'
import { replyLost as toolReplyLost } from './tool/reply-lost.js'
import { slow as toolSlow } from './tool/slow.js'
import { staleResult } from './tool/stale-result.js'
import { unavailable as toolUnavailable } from './tool/unavailable.js'
import { wrongEntity as toolWrongEntity } from './tool/wrong-entity.js'

/** Every fault that ships, boundary by boundary. */
export const catalogue: readonly Fault[] = [
  toolBadRequest,
  toolDuplicate,
  emptyResult,
  errorAsResult,
  exception,
  hang,
  toolLate,
  malformedResult,
  notRun,
  oversizedResult,
  poisonedResult,
  toolReplyLost,
  toolSlow,
  staleResult,
  toolUnavailable,
  toolWrongEntity,
  effectDuplicate,
  effectLate,
  partial,
  effectReplyLost,
  httpBadRequest,
  bodyCut,
  httpDuplicate,
  empty200,
  errorIn200,
  httpLate,
  httpNotFound,
  poisonedBody,
  httpRateLimited,
  httpReplyLost,
  requestLost,
  httpServerError,
  httpSlow,
  httpUnauthorized,
  httpUnavailable,
  accessDenied,
  ioError,
  noSpace,
  renameLost,
  tooManyOpen,
  tornWrite,
  vanished,
  modelBadRequest,
  connectionReset,
  contextFull,
  contextOverflow,
  credulous,
  emptyAnswer,
  forgottenStep,
  insisting,
  invalidInput,
  looping,
  malformedInput,
  maxTokens,
  overloaded,
  modelRateLimited,
  refusal,
  repeatedCall,
  reworded,
  modelServerError,
  modelSlow,
  slowDown,
  spendLimit,
  spiralling,
  streamCut,
  streamError,
  timeout,
  modelUnavailable,
  unknownTool,
  modelWrongEntity,
  cancel,
  crash,
  timeLimit,
  jump,
]
