import { defineFault } from '../fault.js'

export const serverError = defineFault({
  name: 'model/server-error',
  summary: 'The model API answers 500 api_error.',
  class: 'transient',
  boundaries: ['model'],
  params: {},
  action: () => ({ kind: 'reject', code: 'server-error' }),
})
