import { defineFault } from '../fault.js'
import { advice, adviceOf } from '../params/retry-after.js'

export const slowDown = defineFault({
  name: 'model/slow-down',
  summary: 'The model API refuses for a while, for the caller asks for more and more too quickly.',
  class: 'transient',
  boundaries: ['model'],
  params: advice,
  action: (params) => ({ kind: 'reject', code: 'slow-down', ...adviceOf(params) }),
})
