/**
 * Fault profiles that ship. Their rates are far above those of an ordinary day, so that a few hundred trials meet what a
 * month of ordinary days brings.
 */
import type { ProfileOptions } from './profile-options.js'

/** The model API is overloaded, limits the rate and goes away for a while; everything else is nearly well. */
export const badDayAtTheProvider = {
  name: 'bad-day-at-the-provider',
  faultRate: 0.01,
  sites: {
    'model:*': {
      faultRate: 0.15,
      weights: {
        'model/overloaded': 5,
        'model/rate-limited': 3,
        'model/server-error': 2,
        'model/unavailable': 2,
        'model/stream-cut': 1,
        'model/stream-error': 1,
        'model/timeout': 1,
      },
      outages: { share: 0.2, meanMs: 20_000 },
    },
  },
} as const satisfies ProfileOptions

/** Tools and the services behind them fail in bursts, and often it cannot be told whether they did what they were asked. */
export const flakyTools = {
  name: 'flaky-tools',
  faultRate: 0.15,
  weights: { transient: 0.6, indeterminate: 0.4 },
  bursts: { share: 0.3, meanCalls: 3 },
  sites: { 'model:*': { faultRate: 0.01 } },
} as const satisfies ProfileOptions

/** Requests and answers are lost on the way, delivered twice and cut off, wherever there is a network. */
export const lossyNetwork = {
  name: 'lossy-network',
  faultRate: 0.08,
  weights: {
    'model/connection-reset': 4,
    'model/timeout': 2,
    'model/stream-cut': 2,
    'tool/reply-lost': 4,
    'tool/late': 2,
    'tool/duplicate': 1,
    'tool/slow': 2,
    'effect/reply-lost': 4,
    'effect/late': 2,
    'effect/duplicate': 1,
    'http/request-lost': 4,
    'http/reply-lost': 4,
    'http/body-cut': 2,
    'http/late': 2,
    'http/duplicate': 1,
  },
  outages: { share: 0.05, meanMs: 5_000 },
} as const satisfies ProfileOptions

export const presets = [badDayAtTheProvider, flakyTools, lossyNetwork] as const
