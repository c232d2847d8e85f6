import { defineFault } from '../fault.js'

export const unauthorized = defineFault({
  name: 'http/unauthorized',
  summary: 'The service answers 401 and does nothing: the key has expired, or was withdrawn.',
  class: 'definite',
  boundaries: ['http'],
  params: {},
  action: () => ({ kind: 'reject', code: 'unauthorized' }),
})
