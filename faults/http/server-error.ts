import { defineFault } from '../fault.js'

export const serverError = defineFault({
  name: 'http/server-error',
  summary: 'The service answers 500 and did nothing, though for all that the caller knows it may have.',
  class: 'indeterminate',
  boundaries: ['http'],
  params: {},
  action: () => ({ kind: 'reject', code: 'server-error' }),
})
