import { defineFault } from '../fault.js'

export const badRequest = defineFault({
  name: 'http/bad-request',
  summary: 'The service answers 400 and does nothing; the same request will never succeed.',
  class: 'definite',
  boundaries: ['http'],
  params: {},
  action: () => ({ kind: 'reject', code: 'bad-request' }),
})
