import { defineFault } from '../fault.js'
import { retryAfter } from '../params/retry-after.js'

export const overloaded = defineFault({
  name: 'model/overloaded',
  summary: 'The model API answers that it is overloaded.',
  class: 'transient',
  boundaries: ['model'],
  params: { retryAfter },
  action: ({ retryAfter }) => ({ kind: 'reject', code: 'overloaded', ...(retryAfter !== '' && { retryAfter }) }),
})
