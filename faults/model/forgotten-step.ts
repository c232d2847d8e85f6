import { defineFault } from '../fault.js'

export const forgottenStep = defineFault({
  name: 'model/forgotten-step',
  summary: 'The model says that all is done, in place of its next call.',
  class: 'behavioural',
  boundaries: ['model'],
  params: {},
  action: () => ({ kind: 'answer', reply: { kind: 'mistaken', mistake: { kind: 'step-forgotten' } } }),
})
