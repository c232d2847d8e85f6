import { defineFault } from '../fault.js'

export const empty200 = defineFault({
  name: 'http/empty-200',
  summary: 'The service does what was asked, and its answer comes with a status of success and without a body.',
  class: 'deceptive',
  boundaries: ['http'],
  params: {},
  action: () => ({ kind: 'rewrite', edit: { kind: 'empty' } }),
})
