/** Every fault that ships, by boundary. A new fault is one file and one line here. */
import { partial } from './effect/partial.js'
import type { Fault } from './fault.js'
import { badRequest as modelBadRequest } from './model/bad-request.js'
import { insisting } from './model/insisting.js'
import { looping } from './model/looping.js'
import { overloaded } from './model/overloaded.js'
import { streamCut } from './model/stream-cut.js'
import { timeout } from './model/timeout.js'
import { unavailable as modelUnavailable } from './model/unavailable.js'
import { badRequest as toolBadRequest } from './tool/bad-request.js'
import { duplicate } from './tool/duplicate.js'
import { notRun } from './tool/not-run.js'
import { replyLost } from './tool/reply-lost.js'
import { unavailable as toolUnavailable } from './tool/unavailable.js'

export const catalogue: readonly Fault[] = [
  toolBadRequest,
  duplicate,
  notRun,
  replyLost,
  toolUnavailable,
  partial,
  modelBadRequest,
  insisting,
  looping,
  overloaded,
  streamCut,
  timeout,
  modelUnavailable,
]
