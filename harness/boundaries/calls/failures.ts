/**
 * What a failure looks like to the agent's own code: an error with `code` and `status` unless the scenario says
 * otherwise. Kept apart because tools and side effects must tell of the same failure in the same way.
 */
import type { FailureCode } from '../../../faults/action.js'
import type { FaultClass } from '../../../faults/fault.js'
import type { ErrorShapes } from '../../contracts/agent.js'
import { forAgent } from '../../contracts/agent-error.js'
import type { Failure } from '../../contracts/failure.js'
import { fieldOf, readOr } from '../../contracts/hostile-value.js'
import { recordedText } from '../../contracts/recorded-text.js'
import type { ErrorFacts, EventOf, Outcome } from '../../contracts/trace.js'

/** The default error for a failure. `status` is there where an HTTP answer would have come. */
export class BoundaryError extends Error {
  readonly code: string
  readonly status?: number
  constructor(message: string, code: string, status?: number) {
    super(message)
    this.code = code
    if (status !== undefined) this.status = status
    forAgent(this)
  }
}

const defaults: Record<
  FailureCode | 'exception',
  { readonly code: string; readonly status?: number; readonly says: string }
> = {
  timeout: { code: 'ETIMEDOUT', says: 'timed out' },
  reset: { code: 'ECONNRESET', says: 'connection reset' },
  refused: { code: 'ECONNREFUSED', says: 'connection refused' },
  unresolved: { code: 'ENOTFOUND', says: 'host not found' },
  'bad-request': { code: 'BAD_REQUEST', status: 400, says: '400 bad request' },
  unauthorized: { code: 'UNAUTHORIZED', status: 401, says: '401 unauthorized' },
  'not-found': { code: 'NOT_FOUND', status: 404, says: '404 not found' },
  conflict: { code: 'CONFLICT', status: 409, says: '409 conflict' },
  'rate-limited': { code: 'RATE_LIMITED', status: 429, says: '429 too many requests' },
  'server-error': { code: 'INTERNAL', status: 500, says: '500 internal server error' },
  unavailable: { code: 'UNAVAILABLE', status: 503, says: '503 service unavailable' },
  exception: { code: 'INTERNAL_EXCEPTION', says: "Cannot read properties of undefined (reading 'id')" },
}

type Code = Extract<Failure, { kind: 'error' }>['code']

interface Origin {
  readonly class: FaultClass | 'unknown'
  readonly code: Code
}

/** Of the failures that the simulated world made, so that an error passed on keeps its class and its code. */
const origins = new WeakMap<object, Origin>()

/** The value that stands for a failure at `target`: the scenario's own shape for the code, or the default error. */
export function failure(
  code: FailureCode | 'exception',
  target: string,
  class_: FaultClass | 'unknown',
  shapes: ErrorShapes,
): unknown {
  const { code: systemCode, status, says } = defaults[code]
  // A bug in the callee tells nothing but itself: no code, no status, not even whose it is.
  if (code === 'exception') return classify(forAgent(shapes.exception?.() ?? new TypeError(says)), class_, code)
  const value = shapes[code]?.() ?? new BoundaryError(`${target}: ${says}`, systemCode, status)
  return classify(forAgent(value), class_, code)
}

/** Marks an error with the class that oracles may rely on, and with the code of the failure where it has one. */
export function classify<E>(error: E, class_: FaultClass | 'unknown', code?: Code): E {
  if (typeof error === 'object' && error !== null) origins.set(error, { class: class_, code })
  return error
}

/** How a call ended that gave `error`. */
export function failureOutcome(error: unknown): Outcome {
  const origin = typeof error === 'object' && error !== null ? origins.get(error) : undefined
  const failure =
    origin?.code === undefined ? ({ kind: 'error' } as const) : ({ kind: 'error', code: origin.code } as const)
  return { kind: 'failed', failure, error: errorFacts(error), class: origin?.class ?? 'unknown' }
}

/** The part of an error that belongs in a trace: no stack, no agent string. */
export function errorFacts(error: unknown): ErrorFacts {
  if (typeof error !== 'object' || error === null) {
    const { text, ...mark } = recordedText(readOr(() => String(error), typeof error))
    return { name: typeof error, message: text, ...mark }
  }
  const [name, message, code, status] = ['name', 'message', 'code', 'status'].map((field) => fieldOf(error, field))
  const { text, ...mark } = recordedText(typeof message === 'string' ? sameEverywhere(message) : textOf(error))
  return {
    name: typeof name === 'string' ? name : 'Error',
    message: text,
    ...mark,
    ...(typeof code === 'string' && { code }),
    ...(typeof status === 'number' && { status }),
  }
}

/** The part of an agent's answer that belongs in a trace. */
export function resultFacts(result: unknown): Pick<EventOf<'claim'>, 'result' | 'cut'> {
  const { text, ...mark } = recordedText(textOf(result))
  return { result: text, ...mark }
}

/** Newer versions of Node add line and column to what `JSON.parse` says. */
function sameEverywhere(message: string): string {
  return message.replace(/( in JSON at position \d+) \(line \d+ column \d+\)/, '$1')
}

/** Any value as text for the trace; what JSON cannot hold is named rather than lost. */
export function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? (typeof value === 'function' ? '[function]' : String(value))
  } catch {
    return namedText(value)
  }
}

/** A state as JSON, with collections by what they hold. */
export function stateText(state: unknown): string {
  try {
    return (
      JSON.stringify(state, (_key, inner: unknown) => {
        if (inner instanceof Map) return Object.fromEntries(inner)
        if (inner instanceof Set) return [...inner]
        return typeof inner === 'bigint' ? `${inner}n` : inner
      }) ?? textOf(state)
    )
  } catch {
    return textOf(state)
  }
}

/** For what plain JSON throws at: big integers are written out, circles named. */
function namedText(value: unknown): string {
  try {
    return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner))
  } catch {
    return `[${readOr(() => Object.prototype.toString.call(value), '[object that cannot be read]').slice(8, -1)}]`
  }
}
