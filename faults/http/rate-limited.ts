import { defineFault } from '../fault.js'
import { advice, adviceOf } from '../params/retry-after.js'

export const rateLimited = defineFault({
  name: 'http/rate-limited',
  summary: 'The service answers 429 and does nothing: too many requests.',
  class: 'transient',
  boundaries: ['http'],
  params: advice,
  action: (params) => ({ kind: 'reject', code: 'rate-limited', ...adviceOf(params) }),
})
