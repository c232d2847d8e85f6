/** The catalogues of faults and invariants as plain rows, for listings and for programs. */
import type { FaultDescription } from '../../../faults/fault.js'
import type { Invariant } from '../../contracts/invariant.js'
import type { Context } from '../context.js'

export interface InvariantEntry extends Omit<Invariant, 'check'> {
  /** Whether scenarios have it without asking. */
  readonly on: 'default' | 'listed'
}

/** In the order of the catalogue. */
export async function faultRows(): Promise<FaultDescription[]> {
  const [{ catalogue }, { describeFault }] = await Promise.all([
    import('../../../faults/catalogue.js'),
    import('../../../faults/fault.js'),
  ])
  return catalogue.map(describeFault)
}

/** In the order of the catalogue. */
export async function invariantRows(context: Context): Promise<InvariantEntry[]> {
  const { invariantCatalogue, defaultInvariants } = await context.invariants()
  const names = new Set(defaultInvariants.map(({ name }) => name))
  return invariantCatalogue.map(({ name, kind, promise, antecedent, example }) => ({
    name,
    kind,
    promise,
    antecedent,
    example,
    on: names.has(name) ? 'default' : 'listed',
  }))
}
