import { defineFault } from '../fault.js'
import { advice, adviceOf } from '../params/retry-after.js'

export const unavailable = defineFault({
  name: 'http/unavailable',
  summary: 'The service, or a proxy in front of it, answers 503 and does nothing.',
  class: 'transient',
  boundaries: ['http'],
  params: advice,
  action: (params) => ({ kind: 'reject', code: 'unavailable', ...adviceOf(params) }),
})
