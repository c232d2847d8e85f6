/**
 * Requests that the network held up until the service had forgotten their key, and that it then carried out once more.
 * Apart, because no oracle may hold that against an agent. Whether it had sent them in time is another question, which
 * `idempotency-keys-disciplined` asks where it is told for how long keys are remembered.
 */
import { crossingsOf, type EventOf, type Trace } from '../../contracts/trace.js'

/** Indices of entries in the ledger of changes that were made again in that way. */
export function broughtTooLate(trace: Trace): ReadonlySet<number> {
  const crossings = crossingsOf(trace)
  const made: EventOf<'effect'>[] = []
  const late = new Set<number>()
  for (const [index, event] of trace.events.entries()) {
    if (event.kind !== 'effect' || event.key === null) continue
    if (event.status !== 'applied' && event.status !== 'partial') continue
    const heldUp = crossings[event.crossing]?.faults.some(({ actions }) =>
      actions.some((action) => holdsUp.has(action)),
    )
    if (heldUp && made.some((earlier) => isSame(earlier, event))) late.add(index)
    else made.push(event)
  }
  return late
}

const holdsUp: ReadonlySet<string> = new Set(['late', 'repeat'])

function isSame(left: EventOf<'effect'>, right: EventOf<'effect'>): boolean {
  return left.key === right.key && left.effect.kind === right.effect.kind && left.effect.id === right.effect.id
}
