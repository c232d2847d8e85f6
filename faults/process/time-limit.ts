import { boundaries } from '../boundaries.js'
import { defineFault } from '../fault.js'

export const timeLimit = defineFault({
  name: 'process/time-limit',
  summary:
    'The platform ends the process of the agent some time after the call, whatever it does then, and starts it again.',
  class: 'resource',
  boundaries,
  params: {
    after: { kind: 'integer', doc: 'virtual time from the call', unit: 'ms', min: 1, max: 3_600_000, default: 1_000 },
  },
  action: ({ after }) => ({ kind: 'kill', ms: after }),
})
