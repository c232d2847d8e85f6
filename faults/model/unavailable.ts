import { defineFault } from '../fault.js'
import { advice, adviceOf } from '../params/retry-after.js'

export const unavailable = defineFault({
  name: 'model/unavailable',
  summary: 'A proxy in front of the model API answers 503.',
  class: 'transient',
  boundaries: ['model'],
  params: advice,
  action: (params) => ({ kind: 'reject', code: 'unavailable', ...adviceOf(params) }),
})
