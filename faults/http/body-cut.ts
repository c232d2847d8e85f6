import { defineFault } from '../fault.js'

export const bodyCut = defineFault({
  name: 'http/body-cut',
  summary: 'The service does what was asked and its answer stops in the middle: a reset, or silence.',
  class: 'indeterminate',
  boundaries: ['http'],
  params: {
    at: { kind: 'share', doc: 'how much of the body arrives', mildest: 1, default: 0.5 },
    how: { kind: 'choice', doc: 'how it stops', values: ['reset', 'stall'], default: 'reset' },
  },
  action: ({ at, how }) => ({ kind: 'cut', at, how }),
})
