/**
 * Planned is not landed: what became of each fault of a plan, by its trial's trace, and what a trial cannot show because
 * of it. Apart from the trace, whose bytes tell of injections; one may hold several faults.
 */

import type { FaultDescription } from '../../faults/fault.js'
import type { Plan } from '../../faults/plan/plan.js'
import { asksModel } from './boundary.js'
import type { Scenario } from './scenario.js'
import type { EventOf, InjectionStatus, Trace } from './trace.js'

/** One fault of a plan, after its trial. */
export interface PlannedFault {
  /** The text of the injection that it belongs to. */
  readonly injection: string
  readonly fault: string
  readonly status: InjectionStatus
  /** Of one that was reached: why it means nothing there. */
  readonly lack?: string
}

/** In the order of the plan. */
export function plannedFaults(plan: Plan, trace: Trace, faults: readonly FaultDescription[]): PlannedFault[] {
  const calls = new Map(trace.events.flatMap((event) => (event.kind === 'call' ? [[event.crossing, event]] : [])))
  return plan.flatMap((injection, index) => {
    const { text = '', status = 'planned', lack } = trace.injections[index] ?? {}
    const landed = trace.events.filter(
      (event): event is EventOf<'fault'> => event.kind === 'fault' && event.injection === index,
    )
    const struck = landed.flatMap(({ crossing }) => calls.get(crossing) ?? [])
    return injection.faults.map(({ fault }) => {
      if (landed.some((event) => event.fault === fault)) return { injection: text, fault, status: 'landed' }
      const own =
        status === 'landed'
          ? besideOthers(
              faults.find(({ name }) => name === fault),
              struck,
            )
          : status
      return { injection: text, fault, status: own, ...(own === 'reached' && lack !== undefined && { lack }) }
    })
  })
}

/** Of a fault that did not land, where others of its injection did, at the crossings in `struck`. */
function besideOthers(fault: FaultDescription | undefined, struck: readonly EventOf<'call'>[]): InjectionStatus {
  const met = struck.filter(({ site }) => fault?.boundaries.includes(site.boundary))
  if (met.length === 0) return 'planned'
  return met.some(({ traits }) => fault?.needs.every((need) => traits.includes(need))) ? 'masked' : 'reached'
}

/** Whether an agent is to call its model, and to meet faults of it. Some have none, and a script that only says something. */
export function facesModel({ model, faults }: Pick<Scenario, 'model' | 'faults'>): boolean {
  if (model.callsTools === false) return false
  return faults.some(({ boundaries }) => boundaries.every((boundary) => asksModel({ boundary })))
}

export const modelNeverCalled =
  'the agent never called the simulated model, so none of its faults could land: is the client replaced by a mock, or is ' +
  'another API called? (an agent that has no model goes with a script that calls no tool)'

/** Why even a trial without faults shows nothing, if that is so. */
export function unmetIn({ events }: Trace, facesModel: boolean): string | null {
  const met = events.filter((event) => event.kind === 'call')
  if (facesModel && !met.some(({ site }) => asksModel(site))) return modelNeverCalled
  return met.length === 0 ? 'the agent called nothing that could fail' : null
}
