/**
 * How a plan grows by one fault, where the trial under those before it came to. So retries, fallbacks and restarts are struck as
 * they come to light, and nothing is planned that cannot happen.
 */
import type { FaultDescription } from '../../faults/fault.js'
import type { Plan } from '../../faults/plan/plan.js'
import type { Reachable } from '../../faults/plan/reachable.js'
import type { Trace } from '../contracts/trace.js'
import { aimAtAttempt, fitting } from './singles.js'

/** A plan that was run, and what can be struck besides. */
export interface Explored {
  readonly plan: Plan
  readonly points: readonly Reachable[]
}

/** What the trial came to once all of its plan had struck, each attempt for itself; nothing where not all of it did. */
export function pointsAfter({ events, injections }: Trace, planned: number): Reachable[] {
  if (injections.filter(({ status }) => status === 'landed').length < planned) return []
  const last = events.findLast((event) => event.kind === 'fault')
  const from = last ? events.findIndex((event) => event.kind === 'call' && event.crossing === last.crossing) : -1
  return events.slice(from + 1).flatMap((event) => {
    if (event.kind !== 'call') return []
    const { site, occurrence, attempt, traits } = event
    return [{ address: { site, occurrence, attempt }, traits }]
  })
}

/** The plan with one fault more: every fault that fits, wherever it can strike. */
export function extensions({ plan, points }: Explored, faults: readonly FaultDescription[]): Plan[] {
  return points.flatMap((point) => fitting(point, faults).map((fault) => [...plan, aimAtAttempt(point, fault)]))
}

/** One fault, once, as it is by default: what it is followed by can be struck as well. */
export function isSingle(plan: Plan): boolean {
  const [only, ...others] = plan
  if (!only || others.length > 0 || only.when.kind !== 'span') return false
  const { from, to, attempt } = only.when
  return from === to && attempt === 1 && only.faults.every(({ params }) => isEmpty(params))
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0
}
