/** What the trials of a search show of how circuit breakers are put together, added up and reported in a sentence each. */
import type { BreakerRemarks } from '../contracts/breaker.js'
import type { TrialRecord } from '../contracts/executor.js'
import type { ScenarioPart } from '../contracts/shard.js'

/** What the trials show of one breaker, with the first of them. */
export type SeenBreaker = ScenarioPart['breakers'][number]

export class BreakerTally {
  readonly #seen = new Map<string, SeenBreaker>()

  /** `trial` is its number. */
  add(trial: number, { breakers = [] }: Pick<TrialRecord, 'breakers'>): void {
    for (const each of breakers) {
      addTo(this.#seen, { ...each, trial, statusesCounted: [...each.statusesCounted] })
    }
  }

  breakers(): SeenBreaker[] {
    return [...this.#seen.values()]
  }
}

/** Each breaker once, as all parts of a search show it, in the order in which it was seen first. */
export function joinBreakers(all: readonly SeenBreaker[]): SeenBreaker[] {
  const seen = new Map<string, SeenBreaker>()
  for (const each of [...all].sort((left, right) => left.trial - right.trial)) addTo(seen, each)
  return [...seen.values()]
}

export function breakerNotes(all: readonly BreakerRemarks[]): string[] {
  return all.flatMap((each) => [...retriesInside(each), ...mistakes(each), ...volume(each)])
}

function addTo(seen: Map<string, SeenBreaker>, each: SeenBreaker): void {
  const known = seen.get(each.site)
  seen.set(each.site, known ? together(known, each) : each)
}

function together(known: SeenBreaker, other: SeenBreaker): SeenBreaker {
  const statuses = new Set([...known.statusesCounted, ...other.statusesCounted])
  const volume = [known.volume, other.volume].reduce((most, one) => ((one?.seen ?? 0) > (most?.seen ?? 0) ? one : most))
  return {
    trial: known.trial,
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
