/** The contract of a fault: a catalogued way to fail, described as data, and the action that it turns its parameters into. */
import type { ActionAt } from './action.js'
import type { Params, ParamValues } from './param.js'
import type { Boundary, Trait } from './site.js'

/**
 * What an oracle may ask about a fault, in place of its name.
 * `definite`: not applied; do not retry unchanged. `transient`: not applied; retry after the delay.
 * `indeterminate`: may have been applied; only an idempotent retry is safe. `behavioural`: the model misbehaves.
 * `deceptive`: looks like success. `resource`: what the process itself stands on fails it: disk, memory, clock, money.
 */
export const faultClasses = ['definite', 'transient', 'indeterminate', 'behavioural', 'deceptive', 'resource'] as const
export type FaultClass = (typeof faultClasses)[number]

/** A fault without its code: enough to list, plan, check, sample and weaken it, and to send it between processes. */
export interface FaultDescription {
  /** `boundary/kebab-case`, unique in a catalogue. */
  readonly name: string
  /** One sentence in the words of the field: what happens, seen from outside. */
  readonly summary: string
  readonly class: FaultClass
  /** The boundaries whose crossings it can strike. */
  readonly boundaries: readonly Boundary[]
  /** What a crossing must be able to do for the fault to mean anything there. */
  readonly needs: readonly Trait[]
  /** It only makes other faults worse and means nothing alone; the search plans it beside them. */
  readonly companion: boolean
  readonly params: Params
}

export interface Fault extends FaultDescription {
  /** Pure. `values` holds every declared parameter, defaults filled in. Actions apply in order. */
  action(values: Readonly<Record<string, number | string>>): readonly ActionAt<Boundary>[]
}

/** Declares a fault whose actions its boundary can carry out; anything else does not compile. */
export function defineFault<const B extends Boundary, const P extends Params>(fault: {
  name: `${string}/${string}`
  summary: string
  class: FaultClass
  boundaries: readonly B[]
  needs?: readonly Trait[]
  companion?: boolean
  params: P
  action(values: ParamValues<P>): ActionAt<B> | readonly ActionAt<B>[]
}): Fault {
  const { action, needs = [], companion = false, ...rest } = fault
  return {
    ...rest,
    needs,
    companion,
    action: (values) => {
      const actions = action(values as ParamValues<P>)
      return (Array.isArray(actions) ? actions : [actions]) as readonly ActionAt<Boundary>[]
    },
  }
}

export function describeFault({ action: _, ...description }: Fault): FaultDescription {
  return description
}
