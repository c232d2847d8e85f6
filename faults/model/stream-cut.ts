import { defineFault } from '../fault.js'
import { breakPlace, placeOf } from '../params/break-place.js'

export const streamCut = defineFault({
  name: 'model/stream-cut',
  summary: 'The answer of the model stops in the middle: a reset, a clean end that looks finished, or silence.',
  class: 'transient',
  boundaries: ['model'],
  params: {
    at: { kind: 'share', doc: 'how much of the answer arrives', mildest: 1, default: 0.5 },
    how: { kind: 'choice', doc: 'how it stops', values: ['reset', 'clean-end', 'stall'], default: 'reset' },
    place: breakPlace,
  },
  action: ({ at, how, place }) => ({ kind: 'cut', at, how, ...placeOf(place) }),
})
