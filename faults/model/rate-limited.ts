import { defineFault } from '../fault.js'
import { retryAfter } from '../params/retry-after.js'

export const rateLimited = defineFault({
  name: 'model/rate-limited',
  summary: 'The model API answers 429 rate_limit_error.',
  class: 'transient',
  boundaries: ['model'],
  params: { retryAfter },
  action: ({ retryAfter }) => ({ kind: 'reject', code: 'rate-limited', ...(retryAfter !== '' && { retryAfter }) }),
})
