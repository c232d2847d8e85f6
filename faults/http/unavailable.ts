import { defineFault } from '../fault.js'
import { retryAfter } from '../params/retry-after.js'

export const unavailable = defineFault({
  name: 'http/unavailable',
  summary: 'The service, or a proxy in front of it, answers 503 and does nothing.',
  class: 'transient',
  boundaries: ['http'],
  params: { retryAfter },
  action: ({ retryAfter }) => ({ kind: 'reject', code: 'unavailable', ...(retryAfter !== '' && { retryAfter }) }),
})
