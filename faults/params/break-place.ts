/** The parameter that says where an answer of a model breaks off, for the faults that break one. */
import { type BreakPlace, breakPlaces } from '../action.js'

/** `by-share`: at the share that another parameter gives. */
export const breakPlace = {
  kind: 'choice',
  doc: 'where it stops: at that share, or at the first place of this meaning that the answer has',
  values: ['by-share', ...breakPlaces],
  default: 'by-share',
} as const

/** The part of an action that says it. */
export function placeOf(place: 'by-share' | BreakPlace): { readonly place?: BreakPlace } {
  return place === 'by-share' ? {} : { place }
}
