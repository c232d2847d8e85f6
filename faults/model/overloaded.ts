import { defineFault } from '../fault.js'
import { advice, adviceOf } from '../params/retry-after.js'

export const overloaded = defineFault({
  name: 'model/overloaded',
  summary: 'The model API answers that it is overloaded.',
  class: 'transient',
  boundaries: ['model'],
  params: advice,
  action: (params) => ({ kind: 'reject', code: 'overloaded', ...adviceOf(params) }),
})
