/**
 * What chance does to a crossing of a measured trial. A draw is a pure function of the seed and of where the crossing
 * stands, so it depends neither on the order of crossings nor on other draws; written out as a list, the draws of a trial
 * are the plan that replays it.
 */
import { eligible, type Reachable } from '../../faults/arbitrary.js'
import type { FaultClass, FaultDescription } from '../../faults/fault.js'
import { encodeAddress } from '../../faults/notation.js'
import type { Injection } from '../../faults/plan.js'
import type { FaultProfile } from '../profile.js'
import { stream } from '../world/entropy.js'

/** The injection that strikes a crossing, with default parameters, at that attempt and no other; or none. */
export type Draw = (crossing: Reachable) => Injection | undefined

/**
 * Draws from `profile` among `faults`. The label of a crossing's random stream and the order of the three draws from it
 * (struck or not, class, fault) decide which plans a seed stands for: changing them is a breaking change.
 */
export function drawing(
  profile: FaultProfile,
  faults: readonly FaultDescription[],
  seed: number,
  onDrawn: (injection: Injection) => void = () => {},
): Draw {
  const candidates = faults.filter((fault) => mayBeDrawn(fault, profile))
  return (crossing) => {
    const { address } = crossing
    if (!isAddressable(crossing)) return undefined
    const fitting = candidates.filter((fault) => eligible(fault, crossing))
    if (fitting.length === 0) return undefined
    const chance = stream(seed, `fault:${encodeAddress(address)}`)
    if (chance() >= profile.faultRate) return undefined
    const drawn = classAt(chance(), fitting, profile)
    const ofClass = fitting.filter((fault) => fault.class === drawn)
    const fault = ofClass[Math.floor(chance() * ofClass.length)]
    if (!fault) return undefined
    const injection = injectionOf(crossing, fault)
    onDrawn(injection)
    return injection
  }
}

function mayBeDrawn(fault: FaultDescription, { weights, faults }: FaultProfile): boolean {
  if (fault.companion || (weights[fault.class] ?? 0) <= 0) return false
  return faults === null || faults.includes(fault.name)
}

/** A target with a star in its name would be read as a pattern when the plan is replayed. */
function isAddressable({ address }: Reachable): boolean {
  return !address.site.target.includes('*')
}

/** Divides [0, 1) among the classes that are there, by weight, in the order in which the weights are given. */
function classAt(at: number, fitting: readonly FaultDescription[], { weights }: FaultProfile): FaultClass | undefined {
  const present = Object.entries(weights).filter(([name]) => fitting.some((fault) => fault.class === name))
  let rest = at * present.reduce((sum, [, weight]) => sum + weight, 0)
  const found = present.find(([, weight]) => {
    rest -= weight
    return rest < 0
  })
  // Rounding may leave a crumb at the very end.
  return (found ?? present.at(-1))?.[0] as FaultClass | undefined
}

function injectionOf({ address }: Reachable, { name }: FaultDescription): Injection {
  const { site, occurrence, attempt } = address
  return {
    sites: [{ boundary: site.boundary, target: site.target }],
    when: { kind: 'span', from: occurrence, to: occurrence, attempt },
    faults: [{ fault: name, params: {} }],
  }
}
