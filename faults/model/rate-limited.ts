import { defineFault } from '../fault.js'
import { advice, adviceOf } from '../params/retry-after.js'

export const rateLimited = defineFault({
  name: 'model/rate-limited',
  summary: 'The model API answers 429 rate_limit_error.',
  class: 'transient',
  boundaries: ['model'],
  params: advice,
  action: (params) => ({ kind: 'reject', code: 'rate-limited', ...adviceOf(params) }),
})
