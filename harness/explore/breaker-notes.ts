/** What the trials of a search show of how circuit breakers are put together, added up and told in a sentence each. */
import type { BreakerRemarks } from '../breaker.js'
import type { TrialRecord } from '../run/executor.js'

export class BreakerNotes {
  readonly #remarks = new Map<string, BreakerRemarks>()

  add({ breakers = [] }: Pick<TrialRecord, 'breakers'>): void {
    for (const each of breakers) {
      const known = this.#remarks.get(each.site)
      this.#remarks.set(each.site, known ? together(known, each) : each)
    }
  }

  notes(): string[] {
    return [...this.#remarks.values()].flatMap((each) => [...retriesInside(each), ...mistakes(each), ...volume(each)])
  }
}

function together(known: BreakerRemarks, other: BreakerRemarks): BreakerRemarks {
  const statuses = new Set([...known.statusesCounted, ...other.statusesCounted])
  const volume = [known.volume, other.volume].reduce((most, one) => ((one?.seen ?? 0) > (most?.seen ?? 0) ? one : most))
  return {
    site: known.site,
    triesAtMost: Math.max(known.triesAtMost, other.triesAtMost),
    statusesCounted: [...statuses].sort((a, b) => a - b),
    ...(volume && { volume }),
  }
}

function retriesInside({ site, triesAtMost }: BreakerRemarks): string[] {
  if (triesAtMost === 1) return []
  const tries = `${triesAtMost} tries at one call were one outcome to it`
  return [`the breaker before ${site} has retries inside: ${tries}, so it opens later than it is set to`]
}

function mistakes({ site, statusesCounted }: BreakerRemarks): string[] {
  if (statusesCounted.length === 0) return []
  const statuses = statusesCounted.join(', ')
  return [`the breaker before ${site} counts ${statuses} as failures: mistakes of the caller can open it`]
}

function volume({ site, volume }: BreakerRemarks): string[] {
  if (!volume || volume.seen >= volume.needed) return []
  const { seen, needed, withinMs } = volume
  const within = withinMs === undefined ? '' : ` within ${withinMs / 1_000} s`
  return [
    `the breaker before ${site} never can open: it needs ${needed} calls${within}, and never saw more than ${seen}`,
  ]
}
