/**
 * The trials of an agent that is right. The systematic search comes to every place once and in order. A false alarm
 * hides where several faults meet. So these are drawn by chance, in two ways that reach different places.
 */
import fc from 'fast-check'
import { type FaultClass, type FaultDescription, faultClasses } from '../../faults/fault.js'
import { planArbitrary } from '../../faults/plan/arbitrary.js'
import { eligible, type Reachable } from '../../faults/plan/reachable.js'
import type { TrialSpec } from '../contracts/executor.js'
import { type FaultProfile, profileOf } from '../contracts/profile.js'
import { stream } from '../contracts/stream.js'

/** In every so-many-th trial chance strikes each crossing as it comes. */
const everyDrawn = 4
/**
 * Retries, fallbacks and whatever else a trial only comes to because of a fault are crossings too. No plan for the
 * baseline's sites names them. Beyond a fifth of all crossings agents give up before they come to anything.
 */
const drawnRate = 0.2

export interface SampleOptions {
  readonly seed: number
  /** The scenario's name: equal scenarios under two names are not to get the same plans. */
  readonly name: string
  readonly faults: readonly FaultDescription[]
  /** The sites that the baseline reaches. */
  readonly reachable: readonly Reachable[]
}

/** The trials numbered from `from` up to `to`, not included; each number's trial is the same in every sample. None without a fault that fits. */
export function sample({ seed, name, faults, reachable }: SampleOptions, from: number, to: number): TrialSpec[] {
  const fits = faults.some((fault) => !fault.companion && reachable.some((point) => eligible(fault, point)))
  if (!fits) return []
  const profile = evenProfile(faults)
  const plans = planArbitrary(reachable, faults)
  return Array.from({ length: to - from }, (_, offset): TrialSpec => {
    const index = from + offset
    const own = { seed: seed + index, detail: 'brief' } as const
    if (index % everyDrawn === everyDrawn - 1) return { ...own, plan: [], profile }
    const [plan = []] = fc.sample(plans, { seed: seedOf(seed, `${name}:${index}`), numRuns: 1, unbiased: true })
    return { ...own, plan }
  })
}

/** Every class of faults that the scenario faces, one as often as another. */
function evenProfile(faults: readonly FaultDescription[]): FaultProfile {
  const faced = faultClasses.filter((name: FaultClass) => faults.some((fault) => fault.class === name))
  return profileOf({ profile: { faultRate: drawnRate, weights: Object.fromEntries(faced.map((name) => [name, 1])) } })
}

/** A whole number of 32 bits with its sign, as fast-check takes them. */
function seedOf(seed: number, label: string): number {
  return Math.floor(stream(seed, `selftest:${label}`)() * 2 ** 32) | 0
}
