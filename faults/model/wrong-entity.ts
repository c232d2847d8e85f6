import { defineFault } from '../fault.js'

export const wrongEntity = defineFault({
  name: 'model/wrong-entity',
  summary: 'The model makes its call for another thing of the same kind: order 43 in place of 42.',
  class: 'deceptive',
  boundaries: ['model'],
  params: {},
  action: () => ({ kind: 'answer', reply: { kind: 'mistaken', mistake: { kind: 'other-entity' } } }),
})
