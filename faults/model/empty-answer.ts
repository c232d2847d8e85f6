import { defineFault } from '../fault.js'

export const emptyAnswer = defineFault({
  name: 'model/empty-answer',
  summary: 'The answer of the model ends as usual and has nothing in it: no text and no call.',
  class: 'behavioural',
  boundaries: ['model'],
  params: {},
  action: () => ({ kind: 'answer', reply: { kind: 'mistaken', mistake: { kind: 'empty' } } }),
})
