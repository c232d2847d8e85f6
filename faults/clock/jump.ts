import { boundaries } from '../boundaries.js'
import { defineFault } from '../fault.js'

export const jump = defineFault({
  name: 'clock/jump',
  summary: 'The wall clock jumps, as after a correction or a suspended machine; monotonic time and timers do not.',
  class: 'resource',
  boundaries,
  params: {
    by: { kind: 'integer', doc: 'how far', unit: 'ms', min: 0, max: 31_536_000_000, default: 3_600_000 },
    direction: { kind: 'choice', doc: 'where to', values: ['forwards', 'back'], default: 'forwards' },
  },
  action: ({ by, direction }) => ({ kind: 'clock-jump', ms: direction === 'back' ? 0 - by : by }),
})
