import { defineFault } from '../fault.js'
import { takesTime } from '../params/lost.js'

export const slow = defineFault({
  name: 'http/slow',
  summary: 'The service does its work at once, and its answer takes its time to come.',
  class: 'indeterminate',
  boundaries: ['http'],
  params: takesTime,
  action: ({ delay }) => ({ kind: 'delay', ms: delay }),
})
