/** The catalogues of faults and invariants as plain rows, for listings and for programs. */
import { describeFault, type FaultDescription } from '../../../faults/fault.js'
import type { Invariant } from '../../contracts/invariant.js'
import type { Context } from '../context.js'

export interface InvariantEntry extends Omit<Invariant, 'check'> {
  /** Whether scenarios have it without asking. */
  readonly on: 'default' | 'listed'
}

/** In the order of the catalogue. */
export async function faultRows(context: Context): Promise<FaultDescription[]> {
  return (await context.faults()).map(describeFault)
}

/** In the order of the catalogue. */
export async function invariantRows(context: Context): Promise<InvariantEntry[]> {
  const { invariantCatalogue, defaultInvariants } = await context.invariants()
  const names = new Set(defaultInvariants.map(({ name }) => name))
  return invariantCatalogue.map(({ name, kind, promise, antecedent, exemptions, example }) => ({
    name,
    kind,
    promise,
    antecedent,
    ...(exemptions && { exemptions }),
    example,
    on: names.has(name) ? 'default' : 'listed',
  }))
}
