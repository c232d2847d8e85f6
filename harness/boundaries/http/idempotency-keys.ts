/**
 * What a service remembers of idempotency keys, and what it says to a request that bears one. A key is claimed in one
 * step with looking it up, so that of two requests that arrive together one alone is carried out.
 */
import type { Json } from '../../../faults/json.js'
import type { IdempotencyProfile } from '../../contracts/service.js'
import type { PlainAnswer } from './answer.js'

/** What the keys need to know of a request. */
export interface KeyedRequest {
  readonly method: string
  /** Without its query. */
  readonly path: string
  /** What must be equal in two requests for them to be one and the same: path with query, and body. */
  readonly payload: string
  readonly key: string | undefined
}

export type KeyRefusal = 'missing' | 'mismatch' | 'in-progress'

export type KeyClaim =
  /** To be carried out. `settle` is told the answer, and when it leaves, in virtual milliseconds. */
  | { readonly kind: 'execute'; settle(answer: PlainAnswer, leavesAtMs: number): void }
  | { readonly kind: 'replay'; readonly answer: PlainAnswer }
  | { readonly kind: 'refuse'; readonly why: KeyRefusal; readonly status: number }

interface KeyRecord {
  readonly request: string
  readonly expiresAtMs: number
  /** `null` while the work is going on. */
  answer: PlainAnswer | null
  /** Until then the original is in progress, although the work may be done. */
  leavesAtMs: number
}

const unkeyed: KeyClaim = { kind: 'execute', settle: () => {} }

export class IdempotencyKeys {
  readonly #records = new Map<string, KeyRecord>()

  /** What is to be done with a request that arrives at `nowMs`. */
  claim(profile: IdempotencyProfile, request: KeyedRequest, nowMs: number): KeyClaim {
    if (request.key === undefined) {
      return profile.required ? { kind: 'refuse', why: 'missing', status: 400 } : unkeyed
    }
    const name = JSON.stringify(profile.scope === 'path' ? [request.path, request.key] : [request.key])
    const known = this.#records.get(name)
    if (!known || isFree(profile, known, nowMs)) return this.#begin(name, profile, request, nowMs)
    if (profile.onMismatch.kind === 'reject' && known.request !== identity(request)) {
      return { kind: 'refuse', why: 'mismatch', status: profile.onMismatch.status }
    }
    if (!known.answer || nowMs < known.leavesAtMs) {
      return { kind: 'refuse', why: 'in-progress', status: profile.concurrentStatus }
    }
    return { kind: 'replay', answer: known.answer }
  }

  /** Plain data for `restore`. Work that is going on is left out: with its process it is gone, and its key free again. */
  snapshot(): Json {
    return [...this.#records].flatMap(([name, { request, expiresAtMs, answer, leavesAtMs }]) =>
      answer ? [{ name, request, expiresAtMs, leavesAtMs, answer: asJson(answer) }] : [],
    )
  }

  restore(memory: Json): void {
    for (const { name, ...record } of memory as unknown as readonly (KeyRecord & { readonly name: string })[]) {
      this.#records.set(name, record)
    }
  }

  #begin(name: string, profile: IdempotencyProfile, request: KeyedRequest, nowMs: number): KeyClaim {
    const expiresAtMs = nowMs + profile.ttlMs
    const record: KeyRecord = { request: identity(request), expiresAtMs, answer: null, leavesAtMs: nowMs }
    this.#records.set(name, record)
    const settle = (answer: PlainAnswer, leavesAtMs: number) => Object.assign(record, { answer, leavesAtMs })
    return { kind: 'execute', settle }
  }
}

/** Whether the key is nobody's any more: it expired, or its result has left and is none that is given again. */
function isFree({ replayErrors }: IdempotencyProfile, { answer, leavesAtMs, expiresAtMs }: KeyRecord, nowMs: number) {
  if (!answer || nowMs < leavesAtMs) return false
  const kept =
    answer.status < 400 || replayErrors === 'all' || (replayErrors === 'server-errors' && answer.status >= 500)
  return !kept || nowMs >= expiresAtMs
}

function asJson({ status, headers, body, encoding }: PlainAnswer): Json {
  return { status, headers: { ...headers }, body, ...(encoding && { encoding }) }
}

function identity({ method, payload }: KeyedRequest): string {
  return `${method} ${payload}`
}
