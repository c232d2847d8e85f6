/** The catalogues of faults and invariants as plain rows, for listings and for programs. */
import { describeFault, type FaultDescription } from '../../../faults/fault.js'
import type { Invariant } from '../../contracts/invariant.js'
import type { Provider } from '../../contracts/provider.js'
import type { Context } from '../context.js'

export interface InvariantEntry extends Omit<Invariant, 'check'> {
  /** Whether scenarios have it without asking. */
  readonly on: 'default' | 'listed'
}

/** A fault, and where it means nothing though its boundary is crossed. */
export interface FaultEntry extends FaultDescription {
  readonly noCounterpart: readonly NoCounterpart[]
}

export interface NoCounterpart {
  /** Which answers of which API: `anthropic messages, at once`. */
  readonly on: string
  readonly reason: string
}

/** In the order of the catalogue. */
export async function faultRows(context: Context): Promise<FaultEntry[]> {
  const [faults, providers] = await Promise.all([context.faults(), context.providers()])
  return faults.map((fault) => ({ ...describeFault(fault), noCounterpart: noCounterpartsOf(fault, providers) }))
}

function noCounterpartsOf({ needs }: FaultDescription, providers: readonly Provider[]): NoCounterpart[] {
  return providers.flatMap(({ name, apis }) =>
    Object.entries(apis).flatMap(([api, { lacks = [] }]) =>
      lacks
        .filter(({ trait }) => needs.includes(trait))
        .map(({ of, reason }) => ({ on: `${name} ${api}, ${of}`, reason })),
    ),
  )
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
