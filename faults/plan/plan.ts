/**
 * A plan: the list of injections that a trial runs under. It is data, settled before the trial, and the only thing that
 * is shrunk. `notation.ts` is its text form.
 */
import type { GivenParams } from '../params/param.js'
import type { SiteSelector } from '../site.js'

/** One fault with the parameters that were given; the others have their defaults. */
export interface FaultUse {
  readonly fault: string
  readonly params: GivenParams
}

/** When an injection strikes. Occurrences and attempts count from 1; times are virtual milliseconds. */
export type When =
  /** Occurrences `from` to `to` of what the selector matches, at one attempt or at every one. */
  | { readonly kind: 'span'; readonly from: number; readonly to: number; readonly attempt: number | 'every' }
  /** Every crossing from the first attempt at occurrence `from` on. */
  | { readonly kind: 'onward'; readonly from: number }
  /**
   * From the first attempt at occurrence `from` on every `every`-th crossing, `count` of them and then none; `null`: for ever.
   * Each attempt is a crossing of its own.
   */
  | { readonly kind: 'series'; readonly from: number; readonly count: number | null; readonly every: number }
  /** Every crossing for `ms` virtual milliseconds from the first attempt at occurrence `from`. */
  | { readonly kind: 'outage'; readonly from: number; readonly ms: number }
  /** Every crossing while the trial's clock is in [fromMs, toMs); `null`: for ever. */
  | { readonly kind: 'window'; readonly fromMs: number; readonly toMs: number | null }

/** Faults planned for what the selectors match, when it is time. A fault strikes only sites of its own boundaries. */
export interface Injection {
  readonly sites: readonly [SiteSelector, ...SiteSelector[]]
  readonly when: When
  readonly faults: readonly [FaultUse, ...FaultUse[]]
}

/** The faults that a trial runs under, as data. `encodePlan` and `decodePlan` go between data and text. */
export type Plan = readonly Injection[]

/**
 * Whether the injection ends by itself, so that an agent that retries long enough sees the world healed. Every attempt at
 * one request never ends: however often it is retried, it fails.
 */
export function isClosed({ when }: Injection): boolean {
  switch (when.kind) {
    case 'span':
      return when.attempt !== 'every'
    case 'onward':
      return false
    case 'outage':
      return true
    case 'series':
      return when.count !== null
    case 'window':
      return when.toMs !== null
  }
}
