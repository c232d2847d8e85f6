/**
 * Requests that the network held up until the service had forgotten their key, and that it then carried out once more.
 * Apart, because they were sent in time: nobody could have kept them from it, and no oracle may hold it against an agent.
 */
import { crossingsOf, type EventOf, type Trace } from '../trace.js'

/** Indices of entries in the ledger of changes that were made again in that way. */
export function broughtTooLate(trace: Trace): ReadonlySet<number> {
  const crossings = crossingsOf(trace)
  const made: EventOf<'effect'>[] = []
  const late = new Set<number>()
  for (const [index, event] of trace.events.entries()) {
    if (event.kind !== 'effect' || event.key === null) continue
    if (event.status !== 'applied' && event.status !== 'partial') continue
    const crossing = crossings[event.crossing]
    const heldUp = crossing?.faults.some(({ actions }) => actions.some((action) => holdsUp.has(action)))
    // One that was sent after the change had been made may have been sent too late.
    if (heldUp && made.some((earlier) => isSame(earlier, event) && crossing && crossing.call.at <= earlier.at)) {
      late.add(index)
    } else {
      made.push(event)
    }
  }
  return late
}

const holdsUp: ReadonlySet<string> = new Set(['late', 'repeat'])

function isSame(left: EventOf<'effect'>, right: EventOf<'effect'>): boolean {
  return left.key === right.key && left.effect.kind === right.effect.kind && left.effect.id === right.effect.id
}
