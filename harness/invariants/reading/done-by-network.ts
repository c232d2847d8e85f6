/**
 * Changes that the network alone made once more: it held a request up until the service had forgotten its key, or it
 * delivered one twice to a service that takes no keys. Apart, because no oracle may hold that against an agent. Whether it
 * had sent a request in time is another question, which `idempotency-keys-disciplined` asks where it is told for how long
 * keys are remembered.
 */
import { crossingsOf, type EventOf, type Trace } from '../../contracts/trace.js'

/** Indices of entries in the ledger. */
export function doneByNetwork(trace: Trace): ReadonlySet<number> {
  return new Set([...broughtTooLate(trace), ...networkDuplicates(trace).map(({ index }) => index)])
}

/**
 * Further deliveries of one request of the agent's, by the network, to a service that the scenario declares to take no
 * keys: nobody could have told them apart. A second request of the agent is none. Nor is what a tool or an effect did
 * twice, whose author could have taken a key.
 */
export function networkDuplicates(
  trace: Trace,
): { readonly index: number; readonly crossing: number; readonly effect: EventOf<'effect'>['effect'] }[] {
  const crossings = crossingsOf(trace)
  const delivered = new Set<number>()
  return trace.events.flatMap((event, index) => {
    if (event.kind !== 'effect' || event.takesNoKeys !== true || event.status !== 'applied') return []
    const { crossing, effect } = event
    const isFirst = !delivered.has(crossing)
    delivered.add(crossing)
    const isRepeated = crossings[crossing]?.faults.some(({ actions }) => actions.includes('repeat'))
    return isFirst || !isRepeated ? [] : [{ index, crossing, effect }]
  })
}

/** Indices of entries in the ledger of changes that were made again in that way. */
function broughtTooLate(trace: Trace): ReadonlySet<number> {
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
