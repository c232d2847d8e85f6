/**
 * What a circuit breaker is held to. Real breakers differ beyond the core (trip, fail fast, try again), and a meaning
 * that is hard-coded gives false alarms. So the scenario names a profile, its own or that of a well-known library.
 */
import { UserError } from '../../contracts/errors.js'
import { callSite } from '../../contracts/place.js'
import {
  atLeast,
  between,
  checkOptions,
  mandatory,
  oneOf,
  type Rules,
  recordOf,
  wholeAtLeast,
} from '../reading/options.js'
import type { CountsFailure } from '../reading/outcomes.js'

/**
 * What a circuit breaker is held to: when it opens, how long it stays open, how it tries again. Times are virtual
 * milliseconds.
 */
export interface BreakerProfile {
  readonly trips: TripTest
  /** From opening until a call is let through to try. */
  readonly resetAfterMs: number
  /** Calls that may try at once while half open; 1 by default. */
  readonly probes?: number
  /** What decides while half open: each probe (default), or the rate among all of them once they have ended. */
  readonly probesDecide?: 'each' | 'together'
  /**
   * How long a call is waited for before it counts as a failure, by the breaker or by the agent's own code. `Infinity`
   * where every answer is awaited. Not given, a call of a second or more may have been given up. The time until the
   * reset is taken from its beginning, and its failure counts only if the agent did nothing else meanwhile.
   */
  readonly timeoutMs?: number
  /** Which failures count; by default `dependencyFailures`. */
  readonly counts?: CountsFailure
  /** What a failure that does not count is to a closed breaker; `success` by default, which ends a row of failures. */
  readonly uncountedAre?: 'success' | 'neutral'
}

/** How many failures in a row open it. */
export function failuresToTrip({ trips }: Pick<BreakerProfile, 'trips'>): readonly number[] {
  return [trips.kind === 'consecutive' ? trips.failures : Math.ceil(trips.minimumCalls)]
}

/** When a breaker opens: after failures in a row, or at a rate of failures. */
export type TripTest =
  /** So many failures in a row. */
  { readonly kind: 'consecutive'; readonly failures: number } | RateTest

/** Opens at a rate of failures among the last calls. Times are virtual milliseconds. */
export interface RateTest {
  readonly kind: 'rate'
  /** A share of calls, from 0 to 1. */
  readonly threshold: number
  /** Whether the threshold itself trips (`gte`) or only what is above it (`gt`). */
  readonly comparison: 'gte' | 'gt'
  /** Only calls that ended within this time count. */
  readonly windowMs?: number
  /** How much less or more than the window is remembered, where time is kept in buckets; a tenth of it by default. */
  readonly bucketMs?: number
  /** Old buckets go one by one and only when calls come, so that calls from before the window may still be counted. */
  readonly staleBuckets?: boolean
  /** Only so many of the last calls count. */
  readonly windowCalls?: number
  /** Fewer calls than this never trip it. */
  readonly minimumCalls: number
  /** Calls count as soon as they begin, and calls that the breaker turned away count too. */
  readonly countsFromStart?: boolean
  /** Calls that took at least so long trip it at a share of their own. */
  readonly slow?: { readonly afterMs: number; readonly threshold: number }
}

/** One breaker, over all calls to the sites that it stands before. */
export interface DependencyBreaker extends BreakerProfile {
  /** `tool:search`, `http:"POST api.example.com/*"`. */
  readonly site: string
  /** Sites that the pattern matches and that have no part in it, such as a fallback. */
  readonly exempt?: readonly string[]
}

type CockatielOptions = { readonly halfOpenAfter: number } & (
  | { readonly consecutive: number }
  | { readonly count: { readonly threshold: number; readonly size: number; readonly minimumNumberOfCalls?: number } }
  | { readonly sampling: { readonly threshold: number; readonly duration: number; readonly minimumRps?: number } }
)

interface OpossumOptions {
  readonly timeout?: number | false
  readonly errorThresholdPercentage?: number
  readonly resetTimeout?: number
  readonly rollingCountTimeout?: number
  readonly rollingCountBuckets?: number
  readonly volumeThreshold?: number
}

interface Resilience4jOptions {
  readonly failureRateThreshold?: number
  readonly slidingWindowType?: 'COUNT_BASED' | 'TIME_BASED'
  /** Calls, or seconds where the window is one of time. */
  readonly slidingWindowSize?: number
  readonly minimumNumberOfCalls?: number
  readonly waitDurationInOpenStateMs?: number
  readonly permittedNumberOfCallsInHalfOpenState?: number
  readonly slowCallRateThreshold?: number
  readonly slowCallDurationThresholdMs?: number
}

const cockatielRules: Rules = {
  halfOpenAfter: mandatory(atLeast(0), 'a number of at least 0'),
  consecutive: wholeAtLeast(1),
  count: recordOf({
    threshold: mandatory(between(0, 1), 'a share of calls'),
    size: mandatory(wholeAtLeast(1), 'a whole number of at least 1'),
    minimumNumberOfCalls: wholeAtLeast(0),
  }),
  sampling: recordOf({
    threshold: mandatory(between(0, 1), 'a share of calls'),
    duration: mandatory(atLeast(1), 'a number of at least 1'),
    minimumRps: atLeast(0),
  }),
}

const opossumRules: Rules = {
  timeout: (checks, option, value) => value === false || atLeast(0)(checks, option, value),
  errorThresholdPercentage: between(0, 100),
  resetTimeout: atLeast(0),
  rollingCountTimeout: atLeast(1),
  rollingCountBuckets: wholeAtLeast(1),
  volumeThreshold: atLeast(0),
}

const resilience4jRules: Rules = {
  failureRateThreshold: between(0, 100),
  slidingWindowType: oneOf('COUNT_BASED', 'TIME_BASED'),
  slidingWindowSize: atLeast(1),
  minimumNumberOfCalls: atLeast(1),
  waitDurationInOpenStateMs: atLeast(0),
  permittedNumberOfCallsInHalfOpenState: wholeAtLeast(1),
  slowCallRateThreshold: between(0, 100),
  slowCallDurationThresholdMs: atLeast(0),
}

/** The options that the breaker itself is made with may be handed over as they are, with more in them. */
function checkLibrary(library: string, options: unknown, rules: Rules): void {
  checkOptions(`breakerProfiles.${library}()`, options, rules, { where: callSite(), isOpen: true })
}

/**
 * Breakers of well-known libraries, by the options that they take and with their documented defaults. These are cockatiel
 * 3 and 4 (`ConsecutiveBreaker`, `CountBreaker`, `SamplingBreaker`), opossum 10 and resilience4j 2. Each throws a
 * `UserError` for an option of a wrong type.
 */
export const breakerProfiles = {
  cockatiel: (options: CockatielOptions): BreakerProfile => {
    checkLibrary('cockatiel', options, cockatielRules)
    return { trips: cockatielTest(options), resetAfterMs: options.halfOpenAfter, uncountedAre: 'neutral' }
  },

  opossum: (options: OpossumOptions = {}): BreakerProfile => {
    checkLibrary('opossum', options, opossumRules)
    const {
      timeout = 10_000,
      errorThresholdPercentage = 50,
      resetTimeout = 30_000,
      rollingCountTimeout = 10_000,
      rollingCountBuckets = 10,
      volumeThreshold = 0,
    } = options
    const bucketMs = Math.floor(rollingCountTimeout / rollingCountBuckets)
    return {
      trips: {
        kind: 'rate',
        threshold: errorThresholdPercentage / 100,
        comparison: 'gt',
        windowMs: bucketMs * rollingCountBuckets,
        bucketMs,
        minimumCalls: volumeThreshold,
        countsFromStart: true,
      },
      resetAfterMs: resetTimeout,
      timeoutMs: timeout === false ? Number.POSITIVE_INFINITY : timeout,
    }
  },

  resilience4j: (options: Resilience4jOptions = {}): BreakerProfile => {
    checkLibrary('resilience4j', options, resilience4jRules)
    const {
      failureRateThreshold = 50,
      slidingWindowType = 'COUNT_BASED',
      slidingWindowSize = 100,
      minimumNumberOfCalls = 100,
      waitDurationInOpenStateMs = 60_000,
      permittedNumberOfCallsInHalfOpenState = 10,
      slowCallRateThreshold = 100,
      slowCallDurationThresholdMs = 60_000,
    } = options
    const byCount = slidingWindowType === 'COUNT_BASED'
    return {
      trips: {
        kind: 'rate',
        threshold: failureRateThreshold / 100,
        comparison: 'gte',
        ...(byCount
          ? { windowCalls: slidingWindowSize }
          : { windowMs: slidingWindowSize * 1_000, bucketMs: Math.min(1_000, slidingWindowSize * 1_000) }),
        minimumCalls: byCount ? Math.min(minimumNumberOfCalls, slidingWindowSize) : minimumNumberOfCalls,
        slow: { afterMs: slowCallDurationThresholdMs, threshold: slowCallRateThreshold / 100 },
      },
      resetAfterMs: waitDurationInOpenStateMs,
      probes: permittedNumberOfCallsInHalfOpenState,
      probesDecide: 'together',
      uncountedAre: 'neutral',
    }
  },
} as const

function cockatielTest(options: CockatielOptions): TripTest {
  const one = ['consecutive', 'count', 'sampling'].filter((test) => test in options)
  if (one.length !== 1) {
    const got = one.length === 0 ? 'none' : one.join(' and ')
    throw new UserError(
      `breakerProfiles.cockatiel(): expected one of consecutive, count and sampling, got ${got}`,
      callSite(),
    )
  }
  if ('consecutive' in options) return { kind: 'consecutive', failures: options.consecutive }
  if ('count' in options) {
    const { threshold, size, minimumNumberOfCalls = size } = options.count
    return { kind: 'rate', threshold, comparison: 'gt', windowCalls: size, minimumCalls: minimumNumberOfCalls }
  }
  const { threshold, duration, minimumRps = 0 } = options.sampling
  const buckets = Math.max(5, Math.ceil(duration / 1_000))
  const bucketMs = Math.round(duration / buckets)
  const windowMs = bucketMs * buckets
  // Reckoned as the library does, to the last bit.
  const minimumCalls = windowMs * (minimumRps > 0 ? minimumRps / 1_000 : 5 / (threshold * 1_000))
  return { kind: 'rate', threshold, comparison: 'gt', windowMs, bucketMs, staleBuckets: true, minimumCalls }
}
