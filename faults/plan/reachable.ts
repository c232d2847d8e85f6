/** Where a plan can strike. Apart from plans by chance, which need a library that no worker does. */
import type { FaultDescription } from '../fault.js'
import type { Address, Trait } from '../site.js'

/** A crossing that a trial came to, and what it can do. */
export interface Reachable {
  readonly address: Address
  readonly traits: readonly Trait[]
}

/** Whether `fault` means anything at that crossing. */
export function eligible(fault: FaultDescription, { address, traits }: Reachable): boolean {
  return fault.boundaries.includes(address.site.boundary) && fault.needs.every((need) => traits.includes(need))
}
