/** The parameters that say where an answer of a model breaks off, for the faults that break one. */
import { type BreakPlace, breakPlaces, type EventPlace, eventPlaces } from '../action.js'

const byShare = 'by-share'

function placeIn<P extends BreakPlace>(places: readonly P[]) {
  return {
    kind: 'choice',
    doc: 'where it stops: at that share, or at the first place of this meaning that the answer has',
    values: [byShare, ...places] as readonly (typeof byShare | P)[],
    default: byShare,
  } as const
}

/** `by-share`: at the share that another parameter gives. */
export const breakPlace = placeIn<BreakPlace>(breakPlaces)

/** The same for an event in the stream. */
export const eventPlace = placeIn<EventPlace>(eventPlaces)

/** The part of an action that says it. */
export function placeOf<P extends BreakPlace>(place: typeof byShare | P): { readonly place?: P } {
  return place === byShare ? {} : { place }
}
