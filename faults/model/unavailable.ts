import { defineFault } from '../fault.js'
import { retryAfter } from '../params/retry-after.js'

export const unavailable = defineFault({
  name: 'model/unavailable',
  summary: 'A proxy in front of the model API answers 503.',
  class: 'transient',
  boundaries: ['model'],
  params: { retryAfter },
  action: ({ retryAfter }) => ({ kind: 'reject', code: 'unavailable', ...(retryAfter !== '' && { retryAfter }) }),
})
