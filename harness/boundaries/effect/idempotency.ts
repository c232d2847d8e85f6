/**
 * How services treat idempotency keys, by name. Sources: draft-ietf-httpapi-idempotency-key-header-07, and Stripe's
 * published pages on idempotent requests for its API of version 1 and 2.
 */
import { didYouMean, UserError } from '../../contracts/errors.js'
import type { IdempotencyProfile, IdempotencyProfileName, ServiceOptions } from '../../contracts/service.js'

const dayMs = 86_400_000

export const idempotencyProfiles: Readonly<Record<IdempotencyProfileName, IdempotencyProfile>> = {
  ietf: {
    required: true,
    onMismatch: { kind: 'reject', status: 422 },
    concurrentStatus: 409,
    replayErrors: 'all',
    ttlMs: dayMs,
    scope: 'path',
  },
  'stripe-v1': {
    required: false,
    onMismatch: { kind: 'reject', status: 400 },
    concurrentStatus: 409,
    replayErrors: 'server-errors',
    ttlMs: dayMs,
    scope: 'service',
  },
  'stripe-v2': {
    required: false,
    onMismatch: { kind: 'reject', status: 400 },
    concurrentStatus: 409,
    replayErrors: 'none',
    ttlMs: 30 * dayMs,
    scope: 'path',
  },
}

/** The dialect in which a service words its errors: Stripe's error object, or RFC 9457's problem details. */
export type ErrorDialect = 'stripe' | 'problem'

export interface ResolvedIdempotency {
  /** `null` where the service knows no such keys. */
  readonly profile: IdempotencyProfile | null
  readonly dialect: ErrorDialect
}

/** Throws a `UserError` with the nearest name for one that is not known. */
export function resolveIdempotency(given: ServiceOptions['idempotency'] = 'none'): ResolvedIdempotency {
  if (given === 'none') return { profile: null, dialect: 'problem' }
  if (typeof given === 'object') return { profile: { ...idempotencyProfiles.ietf, ...given }, dialect: 'problem' }
  if (isProfileName(given)) {
    return { profile: idempotencyProfiles[given], dialect: given === 'ietf' ? 'problem' : 'stripe' }
  }
  const names = [...Object.keys(idempotencyProfiles), 'none']
  throw new UserError(
    `http.service: idempotency: expected ${names.map((name) => `"${name}"`).join(', ')} or a profile, ` +
      `got ${JSON.stringify(given)}.${didYouMean(String(given), names)}`,
  )
}

function isProfileName(name: unknown): name is IdempotencyProfileName {
  return typeof name === 'string' && Object.hasOwn(idempotencyProfiles, name)
}
