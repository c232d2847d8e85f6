import { defineFault } from '../fault.js'

export const badRequest = defineFault({
  name: 'model/bad-request',
  summary: 'The model API answers 400 invalid_request_error; the same request will never succeed.',
  class: 'definite',
  boundaries: ['model'],
  params: {},
  action: () => ({ kind: 'reject', code: 'bad-request' }),
})
