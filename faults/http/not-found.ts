import { defineFault } from '../fault.js'

export const notFound = defineFault({
  name: 'http/not-found',
  summary: 'The service answers 404 and does nothing: it knows no such thing, or no such address.',
  class: 'definite',
  boundaries: ['http'],
  params: {},
  action: () => ({ kind: 'reject', code: 'not-found' }),
})
