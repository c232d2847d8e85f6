import { defineFault } from '../fault.js'

export const refusal = defineFault({
  name: 'model/refusal',
  summary: 'The model declines in a sentence, and its answer says that it did.',
  class: 'behavioural',
  boundaries: ['model'],
  params: {},
  action: () => ({ kind: 'answer', reply: { kind: 'mistaken', mistake: { kind: 'refusal' } } }),
})
