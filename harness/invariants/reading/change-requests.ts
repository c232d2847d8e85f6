/**
 * Requests for changes in the world, as the agent sent them. They are taken from the crossings of effects, those that
 * never arrived included, and from the ledger for changes that came in over HTTP. Apart, because the two tell of one in
 * their own ways.
 */
import type { Json } from '../../../faults/json.js'
import { isChange } from '../../contracts/boundary.js'
import { type Crossing, crossingsOf, type EventOf, type Trace } from '../../contracts/trace.js'

export interface ChangeRequest {
  readonly kind: string
  readonly id: string
  /** The idempotency key; `null` for none. */
  readonly key: string | null
  /** As JSON, so that it can be compared. */
  readonly payload: string
  /** The event that shows it: its call, or its entry in the ledger. */
  readonly index: number
  /** When it was sent, in virtual milliseconds; it may have arrived much later. */
  readonly at: number
  readonly crossing: Crossing
}

/** In the order in which they were made. */
export function changeRequestsOf(trace: Trace): ChangeRequest[] {
  const crossings = crossingsOf(trace)
  const asked = crossings.flatMap((crossing) => {
    const { call, callIndex } = crossing
    if (call.request.kind !== 'effect') return []
    const { effect, key, payload } = call.request
    return [{ ...effect, key, payload: payloadText(payload), index: callIndex, at: call.at, crossing }]
  })
  const entered = trace.events.flatMap((event, index) => {
    const crossing = event.kind === 'effect' ? crossings[event.crossing] : undefined
    return event.kind === 'effect' && crossing && !isChange(crossing.call.site)
      ? [fromEntry(event, index, crossing)]
      : []
  })
  return [...asked, ...entered].sort((a, b) => a.index - b.index)
}

function fromEntry(event: EventOf<'effect'>, index: number, crossing: Crossing): ChangeRequest {
  const { effect, key, payload } = event
  return { ...effect, key, payload: payloadText(payload), index, at: crossing.call.at, crossing }
}

function payloadText(payload: Json): string {
  return JSON.stringify(payload)
}
