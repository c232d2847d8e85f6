import { defineFault } from '../fault.js'
import { eventPlace, placeOf } from '../params/break-place.js'

export const streamError = defineFault({
  name: 'model/stream-error',
  summary: 'A streamed answer begins with a 200 and breaks off with an error event, which carries no status.',
  class: 'transient',
  boundaries: ['model'],
  needs: ['stream'],
  params: {
    at: { kind: 'share', doc: 'how much of the answer arrives before it', mildest: 1, default: 0.5 },
    error: {
      kind: 'choice',
      doc: 'what the event says',
      values: ['overloaded', 'server-error', 'rate-limited'],
      default: 'overloaded',
    },
    place: eventPlace,
  },
  action: ({ at, error, place }) => ({ kind: 'stream-error', at, code: error, ...placeOf(place) }),
})
