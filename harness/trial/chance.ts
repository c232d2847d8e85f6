/**
 * What chance does to a crossing of a measured trial. A draw is a pure function of the seed and of where the crossing
 * stands. So it depends neither on the order of crossings nor on other draws. Written out as a list, the draws of a
 * trial are the plan that replays it.
 */

import type { FaultDescription } from '../../faults/fault.js'
import { encodeAddress } from '../../faults/plan/notation.js'
import type { Injection, When } from '../../faults/plan/plan.js'
import { eligible, type Reachable } from '../../faults/plan/reachable.js'
import type { Site } from '../../faults/site.js'
import { type FaultProfile, type SiteProfile, siteProfileAt } from '../contracts/profile.js'
import { stream } from '../contracts/stream.js'

/** The injection that strikes a crossing, with default parameters; or none. It may go on to those that follow. */
export type Draw = (crossing: Reachable) => Injection | undefined

/** One entry of the weights, with the faults that it stands for. */
interface Share {
  readonly weight: number
  readonly faults: readonly FaultDescription[]
}

/** What a profile says of one site. */
interface Odds {
  readonly siteProfile: SiteProfile
  readonly shares: readonly Share[]
}

/**
 * Draws from `profile` among `faults`. Two things decide which plans a seed stands for, and changing them is a breaking
 * change. One is the label of a crossing's random stream. The other is the order of the draws from it: struck or not,
 * entry of the weights, fault, whether it lasts, how long. The first draw is compared with the fault rate, so that what
 * a lower rate strikes a higher one strikes too.
 */
export function drawing(
  profile: FaultProfile,
  faults: readonly FaultDescription[],
  seed: number,
  onDrawn: (injection: Injection) => void = () => {},
): Draw {
  const known = new Map<string, Odds>()
  const oddsAt = (site: Site): Odds => {
    const key = `${site.boundary}:${site.target}`
    const odds = known.get(key) ?? oddsOf(siteProfileAt(profile, site), faults)
    known.set(key, odds)
    return odds
  }
  return (crossing) => {
    if (!isAddressable(crossing)) return undefined
    const { siteProfile, shares } = oddsAt(crossing.address.site)
    if (siteProfile.faultRate === 0) return undefined
    const chance = stream(seed, `fault:${encodeAddress(crossing.address)}`)
    if (chance() >= siteProfile.faultRate) return undefined
    const fault = faultDrawn(shares, crossing, chance)
    if (!fault) return undefined
    const injection: Injection = {
      sites: [{ ...crossing.address.site }],
      when: mayLast(fault) ? whenDrawn(crossing, siteProfile, chance) : once(crossing),
      faults: [{ fault: fault.name, params: {} }],
    }
    onDrawn(injection)
    return injection
  }
}

/** A target with a star in its name would be read as a pattern when the plan is replayed. */
function isAddressable({ address }: Reachable): boolean {
  return !address.site.target.includes('*')
}

/** A class stands for those of its faults that are not named themselves. */
function oddsOf(siteProfile: SiteProfile, faults: readonly FaultDescription[]): Odds {
  const drawable = faults.filter((fault) => !fault.companion)
  const shares = Object.entries(siteProfile.weights)
    .filter(([, weight]) => weight > 0)
    .map(([entry, weight]) => ({
      weight,
      faults: drawable.filter(
        ({ name, class: kind }) => name === entry || (kind === entry && siteProfile.weights[name] === undefined),
      ),
    }))
  return { siteProfile, shares }
}

/** By the weights among the entries that fit, then evenly. */
function faultDrawn(shares: readonly Share[], crossing: Reachable, chance: () => number): FaultDescription | undefined {
  const fitting = shares
    .map(({ weight, faults }) => ({ weight, faults: faults.filter((fault) => eligible(fault, crossing)) }))
    .filter(({ faults }) => faults.length > 0)
  if (fitting.length === 0) return undefined
  const { faults } = shareAt(chance(), fitting)
  return faults[Math.floor(chance() * faults.length)]
}

/** Divides [0, 1) by weight, in the order in which the weights are given. */
function shareAt(at: number, shares: readonly Share[]): Share {
  let rest = at * shares.reduce((sum, { weight }) => sum + weight, 0)
  const found = shares.find(({ weight }) => {
    rest -= weight
    return rest < 0
  })
  // Rounding may leave a crumb at the very end.
  return found ?? shares.at(-1) ?? { weight: 0, faults: [] }
}

/** What a dependency in trouble does again and again. A process does not crash in bursts, nor does a model insist in them. */
function mayLast(fault: FaultDescription): boolean {
  return fault.class === 'transient' || fault.class === 'indeterminate'
}

/**
 * An outage is counted from the first attempt at a call, so it begins at none other. A burst is of calls that follow each
 * other, each struck at this attempt.
 */
function whenDrawn(crossing: Reachable, { bursts, outages }: SiteProfile, chance: () => number): When {
  if (!bursts && !outages) return once(crossing)
  const { occurrence: from, attempt } = crossing.address
  const which = chance()
  const outageShare = outages?.share ?? 0
  if (outages && which < outageShare) {
    return attempt === 1 ? { kind: 'outage', from, ms: lasting(outages.meanMs, chance()) } : once(crossing)
  }
  if (bursts && which < outageShare + bursts.share) {
    return { kind: 'span', from, to: from + callsAfter(bursts.meanCalls, chance()), attempt }
  }
  return once(crossing)
}

/** At that attempt and no other. */
function once({ address: { occurrence, attempt } }: Reachable): When {
  return { kind: 'span', from: occurrence, to: occurrence, attempt }
}

/** Exponentially distributed, in whole milliseconds. */
function lasting(meanMs: number, at: number): number {
  return Math.max(1, Math.round(-meanMs * Math.log1p(-at)))
}

/** Geometrically distributed: how many calls follow the first of a burst. */
function callsAfter(meanCalls: number, at: number): number {
  return meanCalls <= 1 ? 0 : Math.floor(Math.log1p(-at) / Math.log1p(-1 / meanCalls))
}
