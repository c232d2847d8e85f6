/** The contract of a fault: a catalogued way to fail, described as data, and the action that it turns its parameters into. */
import type { Action } from './action.js'
import type { ActionAt, ActionAtEach, Boundary, OneOrMore } from './boundaries.js'
import type { Params, ParamValues } from './params/param.js'
import type { Trait } from './site.js'

/**
 * What an oracle may ask about a fault, in place of its name.
 * `definite`: not applied; do not retry unchanged. `transient`: not applied; retry after the delay.
 * `indeterminate`: may have been applied; only an idempotent retry is safe. `behavioural`: the model misbehaves.
 * `deceptive`: looks like success. `resource`: what the process itself stands on fails it: disk, memory, clock, money.
 */
export const faultClasses = ['definite', 'transient', 'indeterminate', 'behavioural', 'deceptive', 'resource'] as const
/** What an oracle may rely on about a fault: one of `faultClasses`. */
export type FaultClass = (typeof faultClasses)[number]

/** A fault without its code: enough to list, plan, check, sample and weaken it, and to send it between processes. */
export interface FaultDescription {
  /** `boundary/kebab-case`, unique in a catalogue. */
  readonly name: string
  /** One sentence in the words of the field: what happens, seen from outside. */
  readonly summary: string
  readonly class: FaultClass
  /** The boundaries whose crossings it can strike. */
  readonly boundaries: OneOrMore<Boundary>
  /** What a crossing must be able to do for the fault to mean anything there. */
  readonly needs: readonly Trait[]
  /** It only makes other faults worse and means nothing alone; the search plans it beside them. */
  readonly companion: boolean
  /** Of a companion: the actions of other faults that it makes worse; none named: whatever they do. */
  readonly worsens: readonly Action['kind'][]
  readonly params: Params
  /** What it does with default parameters. */
  readonly actions: readonly Action['kind'][]
}

/** A fault: its description, and the code that turns parameters into actions. Make one by `defineFault`. */
export interface Fault extends FaultDescription {
  /** Pure. `values` holds every declared parameter, defaults filled in. Actions apply in order. */
  action(values: Readonly<Record<string, number | string>>): readonly ActionAt<Boundary>[]
}

/**
 * Declares a fault; hand it to `faults` of a scenario. Actions that one of its boundaries cannot carry out do not
 * compile.
 */
export function defineFault<const B extends Boundary, const P extends Params>(fault: {
  name: `${string}/${string}`
  summary: string
  class: FaultClass
  boundaries: OneOrMore<B>
  needs?: readonly Trait[]
  companion?: boolean
  worsens?: readonly Action['kind'][]
  params: P
  action(values: ParamValues<P>): ActionAtEach<B> | readonly ActionAtEach<B>[]
}): Fault {
  const { action, needs = [], companion = false, worsens = [], ...rest } = fault
  const act: Fault['action'] = (values) => {
    const actions = action(values as ParamValues<P>)
    return (Array.isArray(actions) ? actions : [actions]) as readonly ActionAt<Boundary>[]
  }
  const actions = act(defaultsOf(rest.params)).map(({ kind }) => kind)
  return { ...rest, needs, companion, worsens, actions, action: act }
}

function defaultsOf(params: Params): Record<string, number | string> {
  return Object.fromEntries(Object.entries(params).map(([name, param]) => [name, param.default]))
}

/** Whether planning `companion` beside `fault` can show more than `fault` alone. */
export function isWorseWith(fault: FaultDescription, companion: FaultDescription): boolean {
  if (!companion.companion || fault.companion) return false
  return companion.worsens.length === 0 || fault.actions.some((kind) => companion.worsens.includes(kind))
}

/** Without the companions that none of the others is worse with. */
export function withoutIdleCompanions<F extends FaultDescription>(faults: readonly F[]): readonly F[] {
  return faults.filter((one) => !one.companion || faults.some((other) => isWorseWith(other, one)))
}

/** A fault without its code, as plain data. */
export function describeFault({ action: _, ...description }: Fault): FaultDescription {
  return description
}
