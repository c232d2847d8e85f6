import { defineFault } from '../fault.js'
import { comesLate } from '../params/lost.js'

export const late = defineFault({
  name: 'tool/late',
  summary: 'The caller is told of a timeout, and the tool runs some time after that all the same.',
  class: 'indeterminate',
  boundaries: ['tool'],
  params: comesLate,
  action: ({ after, timeout }) => ({ kind: 'late', ms: timeout + after, timeoutMs: timeout }),
})
