/**
 * Holds a breaker's own account to its profile, rule by rule. A rule asks of a crossing only where it is certain which
 * call that was. Everything that happens in one moment may have happened in any order.
 */
import type { Account } from './account.js'
import { findLeak } from './leaks.js'
import { callsThatMustTrip, findMissedTrip } from './missed-trips.js'
import { openingsOf, wokeTooSoon, wrongOpening } from './openings.js'
import type { DependencyBreaker } from './profile.js'
import { type Misconduct, subjectOf } from './subject.js'
import { findWrongTry } from './tries.js'

export interface Conduct {
  /** What it did wrong first. */
  readonly misconduct: Misconduct | undefined
  /** Whether it opened, or had to. */
  readonly tested: boolean
}

export function conductOf(breaker: DependencyBreaker, account: Account): Conduct {
  const subject = subjectOf(breaker, account)
  const trips = callsThatMustTrip(subject)
  const found = [
    wrongOpening(subject),
    findMissedTrip(subject, trips),
    findLeak(subject),
    wokeTooSoon(subject),
    findWrongTry(subject),
  ]
  const first = found.flatMap((one) => one ?? []).sort((a, b) => provenAt(a) - provenAt(b))[0]
  return { misconduct: first, tested: trips.length > 0 || openingsOf(subject).length > 0 }
}

function provenAt({ evidence }: Misconduct): number {
  return evidence.at(-1) ?? 0
}
