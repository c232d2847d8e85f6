import { defineFault } from '../fault.js'
import { comesLate } from '../params/lost.js'

export const late = defineFault({
  name: 'effect/late',
  summary: 'The caller is told of a timeout, and the change is applied some time after that all the same.',
  class: 'indeterminate',
  boundaries: ['effect'],
  params: comesLate,
  action: ({ after, timeout }) => ({ kind: 'late', ms: timeout + after, timeoutMs: timeout }),
})
