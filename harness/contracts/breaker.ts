/**
 * The contract with circuit breakers that the agent has of its own: what they tell of themselves, in words that are the
 * same for every library, and how an agent has them listened to.
 */

/** `open` also where somebody holds it open by hand. */
export type BreakerState = 'closed' | 'open' | 'half-open'

/**
 * What a circuit breaker tells of itself, in words that are the same for every library. Times are virtual milliseconds.
 */
export type BreakerNews =
  /**
   * From here on it is listened to. `fresh`: as far as can be told it has counted nothing so far; one that is older than
   * this start of the agent may have.
   */
  | { readonly event: 'observed'; readonly state: BreakerState; readonly fresh: boolean }
  /** `by: 'hand'`: somebody did it, whatever had been counted. */
  | { readonly event: 'opened' | 'closed'; readonly by?: 'hand' }
  | { readonly event: 'half-opened' }
  /**
   * A call ended, `tookMs` after it was let through. `ignored`: with an error that the breaker does not count. `unsent`:
   * it was counted, and never made.
   */
  | {
      readonly event: 'succeeded' | 'failed' | 'ignored'
      readonly tookMs?: number
      readonly unsent?: true
    }
  /** A call was turned away, or was answered without being made. */
  | { readonly event: 'rejected' | 'spared' }

/** Hears everything that happens to one breaker. */
export type BreakerListener = (news: BreakerNews) => void

/** What a breaker that is judged has to see before it can open at all. */
export interface BreakerNeed {
  readonly site: string
  /** Sites that the pattern matches and that have no part in it. */
  readonly exempt: readonly string[]
  readonly calls: number
  /** The time within which they have to come; without it, the agent's whole attempt. */
  readonly withinMs?: number
}

/** What one trial shows of how a breaker is put together. It is reported as a note, and is no verdict. */
export interface BreakerRemarks {
  readonly site: string
  /** The most tries at one call that became a single outcome: more than 1 where retries are inside it. */
  readonly triesAtMost: number
  /** Statuses of the caller's own mistakes that it counted as failures. */
  readonly statusesCounted: readonly number[]
  /** The most calls that it was asked for within the time, beside those that it needs. */
  readonly volume?: { readonly seen: number; readonly needed: number; readonly withinMs?: number }
}

/** A circuit breaker of cockatiel's, by what is needed of it. */
export interface CockatielBreaker {
  readonly state: number
  readonly onBreak: (listener: (reason: unknown) => void) => Listening
  readonly onHalfOpen: (listener: () => void) => Listening
  readonly onReset: (listener: () => void) => Listening
  readonly onSuccess: (listener: (success: { readonly duration: number }) => void) => Listening
  readonly onFailure: (
    listener: (failure: { readonly duration: number; readonly handled: boolean }) => void,
  ) => Listening
  /** What it has counted; not all versions have it. */
  toJSON?(): unknown
}

/** A listener that can be taken off again. */
export interface Listening {
  dispose(): void
}

/** A circuit breaker of opossum's, by what is needed of it. */
export interface OpossumBreaker {
  readonly opened: boolean
  readonly halfOpen: boolean
  readonly stats: { readonly fires: number }
  readonly status: object
  // biome-ignore lint/suspicious/noExplicitAny: each event brings arguments of its own
  prependListener(event: string, listener: (...args: any[]) => void): unknown
  // biome-ignore lint/suspicious/noExplicitAny: each event brings arguments of its own
  off(event: string, listener: (...args: any[]) => void): unknown
}

/**
 * What a breaker that is written by hand calls when something happens to it. All of them may be called at any time and
 * are bound; while no agent runs they do nothing. `tookMs` is how long ago the call was let through: by it calls that run
 * side by side are told apart. Without it a call is taken to be made as soon as it is let through.
 */
export interface BreakerHook {
  /** It turns calls away from now on. `by`: somebody opened it, whatever had been counted. */
  opened(by?: 'hand'): void
  /** It lets a call through to try. */
  halfOpened(): void
  /** It lets calls through again. */
  closed(by?: 'hand'): void
  /** A call ended well. */
  succeeded(tookMs?: number): void
  /** A call failed, or took too long, and that counts. */
  failed(tookMs?: number): void
  /** A call failed, and that does not count. */
  ignored(tookMs?: number): void
  /** A call was turned away. */
  rejected(): void
}

/**
 * Has circuit breakers listened to, so that the trace tells what they go through and `breaker-conforms` can hold them to
 * their profile. `site` is what the breaker stands before, as in that invariant's options: `tool:search`,
 * `http:"POST api.example.com/*"`. Listening ends with this start of the agent. All throw a `UserError` for a site that
 * names no boundary, and for a second breaker before the same site.
 */
export interface Observe {
  /** A policy that cockatiel's `circuitBreaker` made. Throws a `UserError` for anything else. */
  cockatiel(breaker: CockatielBreaker, site: string): void
  /** A `CircuitBreaker` of opossum's. Throws a `UserError` for anything else. */
  opossum(breaker: OpossumBreaker, site: string): void
  /** Any other. `found` is how it stands where it is older than this start of the agent, and may have counted before. */
  breaker(site: string, found?: BreakerState): BreakerHook
}
