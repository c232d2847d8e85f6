import { defineFault } from '../fault.js'

export const reworded = defineFault({
  name: 'model/reworded',
  summary:
    'The model means the same and puts it in another form: fields in another order, 100.00 for 100, another case.',
  class: 'behavioural',
  boundaries: ['model'],
  params: {
    how: {
      kind: 'choice',
      doc: 'which form the input of its call takes',
      values: ['order', 'number', 'case', 'space', 'left-out'],
      default: 'order',
    },
  },
  action: ({ how }) => ({ kind: 'answer', reply: { kind: 'mistaken', mistake: { kind: 'reworded', how } } }),
})
