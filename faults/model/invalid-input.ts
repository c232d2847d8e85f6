import { defineFault } from '../fault.js'

export const invalidInput = defineFault({
  name: 'model/invalid-input',
  summary: 'The model calls a tool with an input that breaks the schema of the tool.',
  class: 'behavioural',
  boundaries: ['model'],
  params: {
    how: {
      kind: 'choice',
      doc: 'what is wrong with a field that must be there',
      values: ['missing', 'type'],
      default: 'missing',
    },
  },
  action: ({ how }) => ({ kind: 'answer', reply: { kind: 'mistaken', mistake: { kind: 'invalid-input', how } } }),
})
