/** Where each event of a trace stands in its timeline: how deep, and whether it must say which call it belongs to. */
import type { TraceEvent } from '../../harness/contracts/trace.js'
import { addressText } from './preview.js'

export interface TimelinePlace {
  /** A crossing stands under the one that it happens inside; what happens to it, one deeper. */
  readonly depth: number
  /** The address of the call that an answer belongs to, where another call or answer came in between. */
  readonly label: string | undefined
}

export const outermost: TimelinePlace = { depth: 0, label: undefined }

interface Known {
  readonly depth: number
  readonly address: string
}

/** One place for each event, in their order. */
export function placesOf(events: readonly TraceEvent[]): TimelinePlace[] {
  const known = new Map<number, Known>()
  const latestAtDepth = new Map<number, number>()
  return events.map((event) => {
    if (event.kind === 'call') {
      const depth = event.parent === null ? 0 : (known.get(event.parent)?.depth ?? -1) + 1
      known.set(event.crossing, { depth, address: addressText(event) })
      latestAtDepth.set(depth, event.crossing)
      return { depth, label: undefined }
    }
    if (event.kind === 'return') return placeOfAnswer(event.crossing, known.get(event.crossing), latestAtDepth)
    if (event.kind !== 'fault' && event.kind !== 'effect') return outermost
    return { depth: (known.get(event.crossing)?.depth ?? -1) + 1, label: undefined }
  })
}

function placeOfAnswer(crossing: number, call: Known | undefined, latestAtDepth: Map<number, number>): TimelinePlace {
  if (call === undefined) return outermost
  const apart = latestAtDepth.get(call.depth) !== crossing
  latestAtDepth.set(call.depth, crossing)
  return { depth: call.depth, label: apart ? call.address : undefined }
}
