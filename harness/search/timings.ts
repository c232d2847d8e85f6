/**
 * When things happen. That is on both sides of the agent's own time-outs, which the timers that it sets tell. It is before and
 * after it tries again. And it is each order in which calls that overlap can come to their ends. Small delays in the plan say all of it, so
 * that it replays and shrinks.
 */
import type { FaultDescription } from '../../faults/fault.js'
import type { Injection, Plan } from '../../faults/plan/plan.js'
import type { Reachable } from '../../faults/plan/reachable.js'
import { isRemote } from '../contracts/boundary.js'
import type { Ground } from './ground.js'
import { aimOnce, firstsOf, fitting } from './singles.js'

/** Shorter ones are no time-outs, and no longer ones can be planned. */
const [waitLeastMs, waitMostMs] = [10, 3_600_000] as const
const waitsMost = 2
/** At once, and after any agent has tried again. */
const latenesses = [1, 60_000] as const
/** Enough to come later than another call, and too little to be given up. */
const smallMs = 100
const overlapsMost = 6

export function timings({ reachable, faults, waits }: Ground): Plan[] {
  const sides = sidesOf(waits)
  return firstsOf(reachable).flatMap((point) =>
    fitting(point, faults).flatMap((fault) => {
      const vary = (name: string, values: readonly number[]) =>
        values.flatMap((ms) => (takes(fault, name, ms) ? [[aimOnce(point, fault, { [name]: ms })]] : []))
      if (fault.actions.includes('late')) return vary('after', latenesses)
      return fault.actions.includes('delay') && !isSeen(fault) ? vary('delay', sides) : []
    }),
  )
}

/** Behind a connection an answer that is too late is one that never comes: other faults try that. */
function isSeen({ boundaries }: FaultDescription): boolean {
  return boundaries.every((boundary) => isRemote({ boundary }))
}

/** Of the longest waits, which are deadlines rather than pauses: just before and just after. */
function sidesOf(waits: readonly number[]): number[] {
  const some = waits.filter((ms) => ms >= waitLeastMs && ms < waitMostMs).slice(-waitsMost)
  return some.flatMap((ms) => [ms - 1, ms + 1])
}

function takes({ params }: FaultDescription, name: string, ms: number): boolean {
  const param = params[name]
  return param?.kind === 'integer' && ms >= param.min && ms <= param.max && ms !== param.default
}

/** Of calls that overlap each one last, then all of them in the opposite order. */
export function interleavings({ overlaps, faults }: Ground): Plan[] {
  return overlaps.flatMap((group) => {
    const some = group.slice(0, overlapsMost)
    const later = (point: Reachable, ms: number): Injection[] => {
      const slow = fitting(point, faults).find((fault) => fault.actions.includes('delay') && takes(fault, 'delay', ms))
      return slow ? [aimOnce(point, slow, { delay: ms })] : []
    }
    const last = some.slice(0, -1).map((point) => later(point, smallMs))
    const reversed = some.flatMap((point, index) => later(point, (some.length - index) * smallMs))
    return [...last, ...(some.length > 2 ? [reversed] : [])].filter((plan) => plan.length > 0)
  })
}
