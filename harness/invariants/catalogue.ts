/** Every invariant that ships, with its usual options. A new invariant is one file and one line here. */
import type { Invariant } from '../invariant.js'
import { breakerTrips } from './breaker-trips.js'
import { effectsExactlyOnce } from './effects-exactly-once.js'
import { noInventedSuccess } from './no-invented-success.js'
import { noPartialEffects } from './no-partial-effects.js'
import { noUnhandledRejection } from './no-unhandled-rejection.js'
import { permanentErrorsNotRetried } from './permanent-errors-not-retried.js'
import { terminates } from './terminates.js'
import { transientErrorsRetried } from './transient-errors-retried.js'

/** On in every scenario that does not name them in `without`: they need no configuration. */
export const defaultInvariants: readonly Invariant[] = [
  terminates(),
  noInventedSuccess(),
  effectsExactlyOnce(),
  noUnhandledRejection(),
]

export const invariantCatalogue: readonly Invariant[] = [
  ...defaultInvariants,
  noPartialEffects(),
  breakerTrips({}),
  permanentErrorsNotRetried(),
  transientErrorsRetried(),
]
