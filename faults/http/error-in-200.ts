import { defineFault } from '../fault.js'

const error = { type: 'internal_error', message: 'The request could not be processed.' }

export const errorIn200 = defineFault({
  name: 'http/error-in-200',
  summary: 'The service does nothing, and answers with a status of 200 and an error in the body.',
  class: 'deceptive',
  boundaries: ['http'],
  params: {},
  action: () => ({ kind: 'pretend', result: { error } }),
})
